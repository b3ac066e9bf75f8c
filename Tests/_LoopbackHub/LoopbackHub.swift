import Dispatch

/// A model hub on this machine, for tests, that can be told to misbehave.
///
/// It answers like huggingface.co does for the files of models: small ones straight from the hub,
/// large ones by a redirect to a second host, the store. The hub is reached as `127.0.0.1` and
/// the store as `localhost` at another port, so a client that sends its token along is caught.
/// Both listen on 127.0.0.1 only. Each connection has a thread of its own.
///
/// Versions stay available: after ``replace(_:in:)`` the branch leads to the new commit, while
/// the old commit and the old addresses in the store still lead to the old bytes.
package final class LoopbackHub: Sendable {
  private let state: HubState
  private let signal: StopSignal
  private let threads = DispatchGroup()

  /// Where the hub is, such as `http://127.0.0.1:40123`, without a slash at the end.
  package let endpoint: String

  /// Where the store is, such as `http://localhost:40124`; redirects of large files lead there.
  package let storeEndpoint: String

  /// Starts the two hosts; they answer from the moment this returns.
  ///
  /// - Throws: ``SystemFault`` if no port can be had.
  package init(_ repositories: [Repository], faults: [Fault] = []) throws {
    let signal = try StopSignal()
    let hub = try Socket.listening()
    let store = try Socket.listening()
    endpoint = "http://127.0.0.1:\(hub.port)"
    storeEndpoint = "http://localhost:\(store.port)"
    state = HubState(repositories, faults: faults)
    self.signal = signal
    let answers = Answers(state: state, endpoint: endpoint, storeEndpoint: storeEndpoint)
    for (socket, host) in [(hub.socket, Host.hub), (store.socket, Host.store)] {
      Listener(socket, host: host, answers: answers, signal: signal, threads: threads).start()
    }
  }

  deinit {
    stop()
  }

  /// The requests that were answered so far, in the order of their ends.
  ///
  /// A client that has read an answer to its end finds the request here. An answer that stalls
  /// ends where it stalls; one that breaks off ends there, with the bytes written until then.
  package var requests: [Request] { state.requests }

  /// How many bytes of files were written to clients, by both hosts, since the last
  /// ``forgetRequests()``.
  ///
  /// The few words of redirects and errors are not counted here, only in ``Request/bodyBytes``.
  package var bytesSent: Int { state.bytesSent }

  /// Replaces all faults, with their counts, for requests that come from now on.
  package func setFaults(_ faults: [Fault]) {
    state.setFaults(faults)
  }

  /// Empties ``requests`` and sets ``bytesSent`` to zero.
  package func forgetRequests() {
    state.forgetRequests()
  }

  /// Adds a commit to a repository in which one file is another, or is new.
  ///
  /// Nothing happens if there is no such repository. A file on disk should have another path than
  /// its former version, which is still served by its commit.
  package func replace(_ file: File, in repository: String) {
    state.replace(file, in: repository)
  }

  /// The commit that a repository's branch leads to, or `nil` if there is no such repository.
  package func commit(of repository: String) -> String? {
    state.history(of: repository)?.newest
  }

  /// Ends all connections, also stalled ones, and waits for their threads; later calls do nothing.
  package func stop() {
    signal.raise()
    _ = threads.wait(timeout: .now() + .seconds(10))
  }
}
