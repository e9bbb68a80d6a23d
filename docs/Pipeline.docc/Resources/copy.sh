cp -r Examples/CustomStage Examples/Mine
rm -rf Examples/Mine/.build Examples/Mine/Sources/CustomStage/*
