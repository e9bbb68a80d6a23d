import SystemPackage

@testable import Pipeline

let samples = StageCatalog([Sample.self, Plain.self, Needy.self, Broken.self, Lacking.self, Clinging.self, Apart.self])

/// Reads a text as stages.conf.
func parse(_ text: String, _ machine: FakeHost = FakeHost()) throws(Failure) -> Configuration {
  try parse(Array(text.utf8), machine)
}

func parse(_ bytes: [UInt8], _ machine: FakeHost = FakeHost()) throws(Failure) -> Configuration {
  try Configuration(ConfigurationFile(name: "stages.conf", bytes: bytes), catalog: samples, host: machine.host)
}

/// The sample of a text's first line.
func sample(_ text: String, _ machine: FakeHost = FakeHost()) throws(Failure) -> Sample {
  let entry = try parse(text, machine).entries.first
  guard let sample = entry?.stage as? Sample else { throw Failure("the first line is no sample") }
  return sample
}

/// What a user reads of a text that is wrong.
func complaint(_ text: String, _ machine: FakeHost = FakeHost()) -> String {
  refusal { () throws(Failure) in try parse(text, machine) }?.text ?? "no error"
}

func complaint(_ bytes: [UInt8]) -> String { refusal { () throws(Failure) in try parse(bytes) }?.text ?? "no error" }
