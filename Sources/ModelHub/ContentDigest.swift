import Crypto
import Foundation

/// Digests that tie a grade or a download to exact bytes.
package enum ContentDigest {
  /// Returns the SHA-256 of a text's UTF-8 bytes, in lowercase hexadecimal.
  package static func sha256(_ text: String) -> String {
    SHA256.hash(data: Data(text.utf8)).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
