internal import Kernel
internal import SystemPackage

extension Step {
  /// Takes hold of a file or directory below one that is held: openat2(2), newfstatat(2). Fails with `.canceled` if it
  /// isn't the one that was seen while planning.
  ///
  /// - Parameter identity: which file it must be; nil for one that a step has made.
  static func hold(
    _ path: FilePath, below base: Handle, into held: Handle, links: Links, is identity: FileIdentity?
  ) -> Step {
    let opening = openPath(path, below: base, into: held, links: links)
    guard let identity else { return opening }
    return Step("\(opening.text)\nnewfstatat(\(held), \"\", <status>, AT_EMPTY_PATH)") { () throws(Errno) in
      try opening.perform()
      let found = try Syscall.status(of: held.descriptor)
      if found.device != identity.device || found.inode != identity.inode { throw .canceled }
    }.headline("openat2(\(base), \(quoted(path)), …)")
  }
}

extension Step {
  /// Looks whether what is mounted is what was there while planning, when it was compared with what a later run takes:
  /// newfstatat(2). Fails with `.canceled` if somebody has exchanged it, or a link on the way, meanwhile.
  ///
  /// - Parameter found: what was there; nothing is looked at if that was nothing.
  public static func check(_ mount: Handle, is found: Host.Found?, at path: FilePath) -> [Step] {
    guard let identity = found?.identity else { return [] }
    let step = Step("newfstatat(\(mount), \"\", <status>, AT_EMPTY_PATH)") { () throws(Errno) in
      let found = try Syscall.status(of: mount.descriptor)
      if found.device != identity.device || found.inode != identity.inode { throw .canceled }
    }
    return [
      step.advice(ReachAdvice.exchanged, filled: ["path": path.text]).remark("it is what was looked at while planning")
    ]
  }
}

extension ReachPlan {
  /// What the parent does: directories of littlectr's own that aren't there could be made from inside.
  var making: [(entry: Int, step: Step)] {
    made.map { path, entry in
      let step = Step.makeDirectory(path, mode: 0o700).mayExist()
        .advice(ReachAdvice.unmade, filled: ["path": path.text])
      return (entry, step.remark("a later run looks there, so it is made, and covered"))
    }
  }

  /// What the child does, once all lines have mounted what they bring.
  var covering: [(entry: Int, step: Step)] {
    var steps: [(Int, Step)] = []
    for (index, places) in covered.enumerated() where !places.isEmpty {
      let exposure = container.reach.exposures[index]
      steps += cover(places, exposure).map { (exposure.entry, $0) }
    }
    return steps
  }

  private func cover(_ covered: CoveredPlaces, _ exposure: Exposure) -> [Step] {
    guard let root = container.root else { return [] }
    var (base, steps) = (root, [Step]())
    let isRoot = exposure.place == "/"
    if !isRoot {
      base = Handle("exposed")
      let place = FilePath(bytes: Array(exposure.place.bytes.dropFirst()))
      steps.append(hold(place, below: root, into: base, links: .followed, is: exposure.found?.identity, exposure.place))
    }
    for place in covered.ordered {
      let kept = keptWritable(place, covered, base, exposure)
      let inside = exposure.inside(place.names)
      steps += kept.taking
      let cover = Handle("cover")
      let attributes: [Step] = place.kind == .pinned ? [] : [.setAttributes(.readOnly, of: cover)]
      if place.names.isEmpty {
        steps += [.cloneTree(base, into: cover).remark("read-only: \(place.what)")] + attributes
        steps += [.attach(cover, over: base), .close(base)]
        base = cover
      } else {
        let held = Handle("covered")
        let remark = place.kind == .pinned ? "nobody inside can rename it" : "read-only: \(place.what)"
        steps.append(
          hold(
            HostWays.below(place.names), below: base, into: held, links: .opened, is: place.identity, inside
          ).remark(remark))
        steps += [.cloneTree(held, into: cover)] + attributes
        steps += [.attach(cover, over: held), .close(cover), .close(held)]
      }
      steps += kept.puttingBack(base)
    }
    return steps + (isRoot ? [] : [.close(base)])
  }

  private func hold(
    _ path: FilePath, below base: Handle, into held: Handle, links: Step.Links, is identity: FileIdentity?,
    _ inside: FilePath
  ) -> Step {
    .hold(path, below: base, into: held, links: links, is: identity)
      .advice(anyOf: [ReachAdvice.changed, ReachAdvice.gone], filled: ["path": inside.text])
  }

  /// The directories in one whose entries count, which stay as they are.
  private func keptWritable(
    _ place: CoveredPlaces.Place, _ covered: CoveredPlaces, _ base: Handle, _ exposure: Exposure
  ) -> (taking: [Step], puttingBack: (Handle) -> [Step]) {
    guard place.kind == .entries, let spot = place.spot else { return ([], { _ in [] }) }
    var kept: [(path: FilePath, inside: FilePath, mount: Handle)] = []
    for name in container.host.list(spot.path).sorted(by: { $0.lexicographicallyPrecedes($1) })
    where !HostWays.isDots(name) {
      let names = place.names + [name]
      let found = try? container.host.here(HostWays.path((spot.names + [name])[...])).found
      if found?.isDirectory != true || covered.isReadOnly(names) { continue }
      kept.append((HostWays.below(names), exposure.inside(names), Handle("kept")))
    }
    let taking = kept.flatMap { path, inside, mount in
      let held = Handle("kept-place")
      return [
        hold(path, below: base, into: held, links: .refused, is: nil, inside).remark("it stays writable"),
        .cloneTree(held, into: mount), .close(held),
      ]
    }
    return (
      taking,
      { base in
        kept.flatMap { path, inside, mount in
          let held = Handle("kept-place")
          return [
            hold(path, below: base, into: held, links: .refused, is: nil, inside), .attach(mount, over: held),
            .close(held), .close(mount),
          ]
        }
      }
    )
  }
}
