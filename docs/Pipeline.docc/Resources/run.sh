swift build --package-path Examples/Mine
program=$(swift build --package-path Examples/Mine --show-bin-path)/CustomStage
options="--conf Examples/Mine/stages.conf --root images/default"
$program explain $options nice | grep nice
$program run $options nice
$program run $options --nice 19 nice
