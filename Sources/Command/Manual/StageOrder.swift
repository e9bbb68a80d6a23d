internal import Pipeline

/// Where a stage's line stands, in words, with the stages of a catalog that give what it needs, follows and precedes.
struct StageOrder {
  /// Each place with its reason.
  let places: [(place: String, reason: String)]

  init(_ type: any IsolationStage.Type, _ catalog: StageCatalog) {
    func listed(_ facets: KeyValuePairs<Facet, String>, _ word: String, _ end: String) -> [(String, String)] {
      facets.map { facet, reason in
        let names = catalog.types.filter { $0.provides.contains(facet) && $0.name != type.name }.map { $0.name }
        return ("\(word) \(names.isEmpty ? facet.name : names.joined(separator: " or "))\(end)", reason)
      }
    }
    places =
      listed(type.needs, "below", "") + listed(type.follows, "below", ", if that is used")
      + listed(type.precedes, "above", ", if that is used")
  }
}
