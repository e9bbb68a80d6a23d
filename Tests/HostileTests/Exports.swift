// What every test of this target uses, without a line in each file.
@_exported import TestSupport
