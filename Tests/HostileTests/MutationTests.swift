import Testing

/// scripts/mutate takes littlectr's defences out, as scripts/mutations.sh lists them.
@Suite struct MutationTests {
  private func check(_ mutations: String...) throws -> Outcome {
    try Sandbox.with(.caller) { sandbox in
      try sandbox.write(Attack.every.map { $0.testDescription + "\n" }.joined(), to: "attacks")
      for (index, text) in mutations.enumerated() { try sandbox.write(text + "\n", to: "mutations\(index)") }
      let files = ["attacks"] + mutations.indices.map { "mutations\($0)" }
      let program = Repository.path("scripts/mutate")
      return try sandbox.execute([program, "--check"] + files.map { "\(sandbox.directory)/\($0)" })
    }
  }

  @Test("each mutation finds the words that it changes, and an attack that it lets through")
  func eachFindsWhatItChanges() throws {
    let seen = try check()
    #expect(seen.ending == .exited(0) && seen.output == "" && seen.error == "", "\(seen)")
  }

  @Test("a mutation of a file, of words, of a stage or for an attack that is gone is told")
  func whatIsGoneIsTold() throws {
    let seen = try check(
      """
      mutation 'a' '.' '' Sources/Gone.swift 's/a/b/'
      mutation 'b' '.' '' Package.swift 's/littlectr/x/; s/nowhere at all/y/'
      mutation 'c' 'no such attack' '--without gone'
      """)
    #expect(seen.ending == .exited(1), "\(seen)")
    #expect(
      seen.output == """
        mutate: 'a': there is no Sources/Gone.swift
        mutate: 'a': nothing is replaced by s/a/b/
        mutate: 'b': nothing is replaced by s/nowhere at all/y/
        mutate: 'c': there is no stage gone
        mutate: 'c': no attack matches no such attack

        """, "\(seen)")
  }
}
