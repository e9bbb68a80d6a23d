// What every test of this target uses, without a line in each file.
@_exported import PipelineTesting
import Pipeline

/// Foundation has a Host too.
typealias Host = Pipeline.Host
