import Testing
import _WorkbookTestSupport

/// Expects a text to be that of the file of that name in `Snapshots/`.
func expectSnapshot(
  _ text: String,
  named name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let fault = snapshotFault(text, named: name, testFile: #filePath)
  #expect(fault == nil, sourceLocation: sourceLocation)
}
