import Testing

@testable import Pipeline

struct SuggestionTests {
  private let words = ["userns", "uts", "pid", "mount", "chroot", "proc"]

  @Test(arguments: [
    ("usernss", "userns"), ("usrens", "userns"), ("ust", "uts"), ("mout", "mount"),
    ("choot", "chroot"), ("porc", "proc"), ("Proc", "proc"), ("pit", "pid"), ("pid", "pid"),
  ])
  func aWordThatIsNearIsFound(word: String, meant: String) { #expect(suggestion(for: word, among: words) == meant) }

  @Test(arguments: ["network", "x", "", "seccomp", "über", "landlock"])
  func aWordThatIsFarIsNot(word: String) { #expect(suggestion(for: word, among: words) == nil) }

  @Test func nothingIsSuggestedOfNothing() {
    #expect(suggestion(for: "pid", among: []) == nil)
    #expect(didYouMean("pid", among: []) == "")
  }

  @Test func theFirstOfEquallyNearOnesIsTaken() { #expect(suggestion(for: "ab", among: ["ac", "ad"]) == "ac") }

  @Test func veryLongWordsAreLeftAlone() {
    let word = String(repeating: "u", count: 100_000)
    #expect(suggestion(for: word, among: [word]) == nil)
  }

  @Test func threeLettersAreForgivenInALongWord() {
    #expect(suggestion(for: "propabcdion", among: ["propagation"]) == "propagation")
    #expect(suggestion(for: "proxabcdion", among: ["propagation"]) == nil)
  }

  @Test("a near word is suggested with \"did you mean\"")
  func theSentence() { #expect(didYouMean("mout", among: words) == "; did you mean 'mount'?") }
}
