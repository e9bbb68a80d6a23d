import Testing

@testable import Pipeline

/// What is read from the kernel's files.
struct FactsTests {
  private func facts(_ body: (inout Facts) -> Void) -> Facts {
    var facts = Facts()
    body(&facts)
    return facts
  }

  @Test func theStatusIsRead() {
    let status = """
      Name:\tx: y
      Uid:\t7\t7\t8\t7
      Gid:\t0\t0\t0\t0
      Groups:\t4 29\u{20}
      CapInh:\t0000000000000000
      CapPrm:\t0000020000000001
      CapEff:\t0000000000001000
      CapBnd:\tnonsense
      CapAmb:\t0000000000000000
      NoNewPrivs:\t1
      Seccomp:\t2
      Seccomp_filters:\t1
      """
    let found = facts { $0.take(status: Array(status.utf8)) }
    #expect(found["user"] == ["7", "7", "8", "7"] && found["groups"] == ["4", "29"])
    #expect(found["permitted"] == ["chown", "41"] && found["effective"] == ["net_admin"])
    #expect(found["inheritable"] == [] && found["bounding"] == ["unknown"])
    #expect(found["nonewprivs"] == ["yes"] && found["seccomp"] == ["filter"] && found["landlock"] == nil)
  }

  @Test func mountsAreRead() {
    let table = #"""
      36 35 98:0 / / rw,nosuid,nodev - overlay none rw,lowerdir=/x
      37 36 98:0 /dir /with\040blank\134 ro,relatime master:1 shared:2 - ext4 /dev/sda1 rw
      38 36 98:0 / /super rw,nodev - ext4 /dev/sda1 ro,errors=continue
      39 36 0:5 / /proc rw - proc proc rw
      40 36 0:6 /null /dev/null rw,nosuid - devtmpfs udev rw
      41 36 0:7 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw
      nonsense
      """#
    let found = facts { $0.take(mounts: Array(table.utf8), devices: ["/dev/null"]) }
    #expect(found["writable"] == ["/", "/tmp"])
    #expect(found["suid"] == [#"/with blank\"#, "/super"] && found["dev"] == [#"/with blank\"#])
    #expect(found.mounts.count == 6 && found.mounts[1].isReadOnly && found.mounts[2].isReadOnly)
  }

  /// A place is expected with the tree of mounts that came along, and not with what another line has put there.
  @Test func treesAreCompared() {
    let table = """
      1 0 98:0 / / ro - overlay none rw
      2 1 98:0 / /work rw - ext4 none rw
      3 2 98:0 / /work/below rw - ext4 none rw
      4 2 98:0 / /work/given rw - ext4 none rw
      5 1 98:0 / /workshop rw - ext4 none rw
      """
    let notes = [MountNote(line: "a:1", number: 2), MountNote(line: "-v x:/work/given", number: 4)]
    let found = facts { $0.take(mounts: Array(table.utf8), devices: [], notes: notes) }
    let all = "/work,/work/below,/work/given,/workshop"
    #expect(found.differences(from: [.init("writable", ["/work", "/workshop", "/work/given"])]) == "")
    #expect(
      found.differences(from: [.init("writable", ["/work", "/workshop"])]) == """
        writable: expected /work,/workshop, found \(all) (/work/given is attached by -v x:/work/given: have it read-only \
        there, as :ro does, or name it in writable=)
        """)
    #expect(found.differences(from: [.init("writable", ["/work", "/work/given"])]).hasPrefix("writable: expected"))
    #expect(found.differences(from: [.init("writable", ["/work/below"])]).contains("/work is attached by a:1"))
  }

  @Test func mapsAndDevicesAreRead() {
    let found = facts {
      $0.take(map: Array("         0       1000          1\n         1     100000      65536\n".utf8), as: "uids")
      $0.take(devices: Array("Inter-|   Receive\n face |bytes\n    lo:   1 2\n  eth0: 3\n".utf8))
    }
    #expect(found["uids"] == ["0:1000:1", "1:100000:65536"] && found["interfaces"] == ["lo", "eth0"])
  }

  @Test func differencesAreTold() {
    let found = facts {
      $0.add("groups", ["29", "4", "4"])
      $0.add("writable", [])
    }
    #expect(found.differences(from: [.init("groups", ["4", "29"]), .init("writable", [])]) == "")
    #expect(
      found.differences(from: [.init("groups", []), .init("writable", ["/tmp", "/"]), .init("landlock", ["yes"])])
        == "groups: expected none, found 4,29; writable: expected /,/tmp, found none; "
        + "landlock: expected yes, found nothing that tells")
  }
}
