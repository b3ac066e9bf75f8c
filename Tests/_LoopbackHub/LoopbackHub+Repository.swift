extension LoopbackHub {
  /// A file of a repository.
  package struct File: Sendable {
    package enum Source: Sendable {
      case bytes([UInt8])
      /// A file on this machine, read piece by piece while it is served; it may have holes.
      case file(path: String)
    }

    package let name: String
    let source: Source
    let isLarge: Bool
    let redirectsWithinHub: Bool
    let etag: String?

    /// Describes a file.
    ///
    /// - Parameters:
    ///   - name: Its path in the repository, such as `onnx/model.onnx`.
    ///   - source: Its bytes.
    ///   - isLarge: Whether the hub redirects to the store for it, as for files in git LFS.
    ///   - redirectsWithinHub: Whether the hub redirects to another path of its own for it, with a
    ///     relative `Location`. Has no effect on large files.
    ///   - etag: The ETag without its quotes. By default a large file has its SHA-256, and a small
    ///     one the first 40 digits of that. A large file is hashed at its first request, at some
    ///     hundred megabytes a second; give an ETag where a test need not wait for that.
    package init(
      _ name: String,
      _ source: Source,
      isLarge: Bool = false,
      redirectsWithinHub: Bool = false,
      etag: String? = nil
    ) {
      self.name = name
      self.source = source
      self.isLarge = isLarge
      self.redirectsWithinHub = redirectsWithinHub
      self.etag = etag
    }
  }

  /// A model's repository with one commit.
  package struct Repository: Sendable {
    let id: String
    let commit: String
    let branch: String
    let files: [File]
    let token: String?

    /// Describes a repository; of files with the same name the last one counts.
    ///
    /// - Parameters:
    ///   - id: The owner and the name, such as `openai-community/gpt2`.
    ///   - commit: 40 hexadecimal digits.
    ///   - branch: The branch that leads to the newest commit.
    ///   - files: The files of that commit.
    ///   - token: The one token that is let in, if the repository is gated.
    package init(
      _ id: String,
      commit: String,
      branch: String = "main",
      files: [File],
      token: String? = nil
    ) {
      self.id = id
      self.commit = commit
      self.branch = branch
      self.files = files
      self.token = token
    }
  }
}
