/// The version of littlectr.
public enum Version {
  /// What `--version` prints.
  public static let text = "0.1.0"
}
