import Foundation
import ModelHub
import Testing

/// As huggingface_hub 1.x reads its environment (its constants.py and utils/_auth.py).
@Suite struct SettingsTests {
  private func settings(_ environment: [String: String]) -> HubSettings {
    HubSettings(environment: environment)
  }

  // MARK: The hub

  @Test(
    arguments: [
      ([:], "https://huggingface.co"), (["HF_ENDPOINT": ""], "https://huggingface.co"),
      (["HF_ENDPOINT": "https://hf-mirror.com"], "https://hf-mirror.com"),
      (["HF_ENDPOINT": "https://hf-mirror.com//"], "https://hf-mirror.com"),
      (["HF_ENDPOINT": " http://10.0.0.7:8080/hub/ "], "http://10.0.0.7:8080/hub"),
    ] as [([String: String], String)]
  )
  func `the endpoint has no slash at its end`(_ environment: [String: String], _ expected: String) {
    #expect(settings(environment).endpoint == expected)
  }

  @Test(arguments: ["1", "ON", "on", "Yes", "true", "TRUE"])
  func `these values forbid the network`(_ value: String) {
    #expect(settings(["HF_HUB_OFFLINE": value]).isOffline)
    #expect(settings(["TRANSFORMERS_OFFLINE": value]).isOffline)
  }

  @Test(arguments: ["", "0", "OFF", "no", "false", "2", "y"])
  func `other values do not`(_ value: String) {
    #expect(!settings(["HF_HUB_OFFLINE": value]).isOffline)
  }

  @Test func `what the hub's own variable says comes before the other`() {
    #expect(!settings(["HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "1"]).isOffline)
    #expect(settings(["HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "1"]).isOffline)
  }

  // MARK: The cache

  @Test(
    arguments: [
      (["HOME": "/home/me"], "/home/me/.cache/huggingface/hub"),
      (["HOME": "/home/me", "XDG_CACHE_HOME": "/var/c"], "/var/c/huggingface/hub"),
      (["HOME": "/home/me", "XDG_CACHE_HOME": "~/c"], "/home/me/c/huggingface/hub"),
      (["HOME": "/home/me", "HF_HOME": "/data/hf", "XDG_CACHE_HOME": "/var/c"], "/data/hf/hub"),
      (["HOME": "/home/me", "HF_HOME": "~/hf"], "/home/me/hf/hub"),
      (["HOME": "/home/me", "HF_HOME": "$HOME/hf"], "/home/me/hf/hub"),
      (["HOME": "/home/me", "HF_HOME": "${DISK}/hf", "DISK": "/mnt/big"], "/mnt/big/hf/hub"),
      (["HOME": "/home/me", "HF_HOME": "/mnt/$NOTSET"], "/mnt/$NOTSET/hub"),
      (["HOME": "/home/me", "HF_HOME": ""], "/home/me/.cache/huggingface/hub"),
      (["HOME": "/home/me", "HUGGINGFACE_HUB_CACHE": "/old"], "/old"),
      (["HF_HUB_CACHE": "/new", "HUGGINGFACE_HUB_CACHE": "/old", "HF_HOME": "/data"], "/new"),
      (["HF_HUB_CACHE": "~", "HOME": "/home/me"], "/home/me"),
      (["HF_HUB_CACHE": "~someone/hub", "HOME": "/home/me"], "~someone/hub"),
    ] as [([String: String], String)]
  )
  func `the cache is where the variables say`(
    _ environment: [String: String],
    _ expected: String
  ) {
    #expect(settings(environment).cache?.path == expected)
    #expect(HuggingFaceCache(environment: environment)?.path == expected)
  }

  @Test(arguments: [[:], ["HOME": ""], ["HOME": "relative"], ["HF_HOME": "~/hf"]])
  func `without a home there is no cache and no token`(_ environment: [String: String]) {
    #expect(settings(environment).cache == nil)
    #expect(HuggingFaceCache(environment: environment) == nil)
    #expect(settings(environment).token == nil)
  }

  // MARK: The token

  @Test func `the token comes from the environment before the file`() throws {
    try withFolder { folder throws in
      try write("hf_file\n", to: folder + "/token")
      let home = ["HF_HOME": folder]
      #expect(settings(home).token == "hf_file")
      #expect(settings(home.merging(["HF_TOKEN": " hf_env\n"]) { $1 }).token == "hf_env")
      #expect(settings(home.merging(["HF_TOKEN": " "]) { $1 }).token == "hf_file")
      let old = home.merging(["HUGGING_FACE_HUB_TOKEN": "hf_old"]) { $1 }
      #expect(settings(old).token == "hf_old")
      #expect(settings(old.merging(["HF_TOKEN": "hf_new"]) { $1 }).token == "hf_new")
    }
  }

  @Test func `the file may be elsewhere or a link`() throws {
    try withFolder { folder throws in
      try write("hf_there", to: folder + "/secret")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/token",
        withDestinationPath: folder + "/secret"
      )
      #expect(settings(["HF_TOKEN_PATH": folder + "/secret"]).token == "hf_there")
      #expect(settings(["HF_TOKEN_PATH": "~/secret", "HOME": folder]).token == "hf_there")
      #expect(settings(["HF_HOME": folder]).token == "hf_there")
    }
  }

  @Test func `a token is not sent unasked where that is forbidden`() throws {
    try withFolder { folder throws in
      try write("hf_file", to: folder + "/token")
      let environment = [
        "HF_HOME": folder, "HF_TOKEN": "hf_env", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
      ]
      #expect(settings(environment).token == nil)
    }
  }

  @Test func `what is no token file gives no token`() throws {
    try withFolder { folder throws in
      #expect(settings(["HF_HOME": folder]).token == nil)
      #expect(settings(["HF_TOKEN_PATH": folder]).token == nil)
      try write(" \n", to: folder + "/empty")
      #expect(settings(["HF_TOKEN_PATH": folder + "/empty"]).token == nil)
      try write(String(repeating: "x", count: 5000), to: folder + "/long")
      #expect(settings(["HF_TOKEN_PATH": folder + "/long"]).token == nil)
      // A pipe that nobody writes to must not keep anyone waiting.
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      #expect(settings(["HF_TOKEN_PATH": folder + "/pipe"]).token == nil)
    }
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/settings-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }
}
