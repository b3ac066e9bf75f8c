import Foundation

/// Returns what went wrong in lowercase words, for the reason of a diagnostic.
///
/// Foundation wraps a failed system call in an error that says little: what the call said, such as
/// "no space left on device", counts if it is known.
package func failureText(_ error: any Error) -> String {
  var next: (any Error)? = error
  // Errors nest a few deep; one that names itself would never end.
  for _ in 0..<8 {
    guard let current = next.map({ $0 as NSError }) else { break }
    if current.domain == NSPOSIXErrorDomain, let code = Int32(exactly: current.code) {
      return String(cString: strerror(code)).lowercased()
    }
    next = current.userInfo[NSUnderlyingErrorKey] as? any Error
  }
  return error.localizedDescription.lowercased()
}
