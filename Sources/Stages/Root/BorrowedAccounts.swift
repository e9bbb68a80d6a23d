internal import Pipeline

/// Who there is in a borrowed root: root and nobody, and the caller if its id stays. passwd(5), group(5)
struct BorrowedAccounts {
  /// The command's user: root, or who the caller is.
  let name: String
  let id: UInt32
  let group: UInt32
  let home: FilePath

  /// - Parameter home: where the home directory is to be, instead of the usual place.
  init(_ container: Container, home: FilePath?) {
    let map = container.idMap
    id = map?.users.first?.inside ?? container.host.userID
    group = map?.groups.first?.inside ?? container.host.groupID
    let known = id == 0 ? "root" : container.host.userName ?? "user"
    name = id != 0 && (known == "root" || known == "nobody") ? "user" : known
    self.home = home ?? (id == 0 ? "/root" : FilePath("/home").appending(name))
  }

  /// The files of /etc that tell it.
  var files: [(String, String)] {
    var users = "root:x:0:0:root:\(id == 0 ? home.text : "/root"):/bin/sh\n"
    var groups = "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n"
    users += "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    if id != 0 {
      users += "\(name):x:\(id):\(group)::\(home.text):/bin/sh\n"
      if ![0, 5, 65534].contains(group) { groups += "\(name):x:\(group):\n" }
    }
    let lookUp = "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"
    return [("passwd", users), ("group", groups), ("nsswitch.conf", lookUp)]
  }

  /// The directories on the way to the home directory, and that itself, as paths below the root.
  var directories: [FilePath] {
    var way = FilePath()
    return home.names.map { name in
      way.push(name)
      return way
    }
  }
}
