internal import Glibc

/// The time that a file says it was made.
public enum CaptureClock {
  /// Now, or the environment's `SOURCE_DATE_EPOCH` (seconds since 1970, reproducible-builds.org), as
  /// `2026-11-21T10:00:00Z`.
  public static func now() -> String {
    let fixed = getenv("SOURCE_DATE_EPOCH").flatMap { Int(String(cString: $0)) }
    return text(secondsSince1970: fixed ?? time(nil))
  }

  static func text(secondsSince1970: Int) -> String {
    var seconds = time_t(secondsSince1970)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ number: Int32, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))T"
      + "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))Z"
  }
}
