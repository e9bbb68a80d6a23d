extension Facts {
  /// All facts as one object of JSON.
  var json: JSON {
    func texts(_ name: String) -> JSON { JSON(self[name] ?? []) }
    func numbers(_ name: String) -> JSON {
      .array((self[name] ?? []).map { Int($0).map { .number($0) } ?? .string($0) })
    }
    func one(_ name: String) -> JSON { (self[name]?.first).map { .string($0) } ?? .null }
    let sets = ["effective", "permitted", "inheritable", "ambient", "bounding"]
    return .object([
      ("namespaces", texts("namespaces")), ("uids", texts("uids")), ("gids", texts("gids")),
      ("user", numbers("user")), ("group", numbers("group")), ("groups", numbers("groups")),
      ("capabilities", .object(sets.map { ($0, texts($0)) })),
      ("nonewprivs", .boolean(self["nonewprivs"] == ["yes"])), ("seccomp", one("seccomp")),
      ("landlock", self["layers"]?.first.flatMap { Int($0) }.map { .number($0) } ?? .null),
      ("writable", texts("writable")), ("suid", texts("suid")), ("dev", texts("dev")),
      ("mounts", .array(mounts.map(\.json))), ("descriptors", numbers("descriptors")),
      ("network", one("network")), ("interfaces", texts("interfaces")),
    ])
  }
}

extension MountFact {
  var json: JSON {
    .object([
      ("path", .string(path)), ("type", .string(type)), ("flags", JSON(flags)), ("readonly", .boolean(isReadOnly)),
    ])
  }
}
