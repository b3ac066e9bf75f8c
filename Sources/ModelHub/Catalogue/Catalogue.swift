import Foundation

/// What is published about models that puzzles want, whether or not they are on this machine.
///
/// The rows are those of `catalogue.json`, one a model, in its order.
package enum Catalogue {
  package static let rows: [CatalogueRow] = {
    // The file is part of the program; a test reads it, so it cannot be unreadable here.
    let decoded = try? JSONDecoder().decode(
      [CatalogueRow].self,
      from: Data(PackageResources.catalogue_json)
    )
    return decoded ?? []
  }()

  /// The models' own names, without aliases.
  package static var names: [String] { rows.map(\.name) }

  /// Returns the row of a model given by its name, an alias or its repository, in any case.
  package static func row(named name: String) -> CatalogueRow? { rows.row(named: name) }

  /// Returns the name that an alias stands for; any other text as it is.
  package static func name(for nameOrAlias: String) -> String {
    row(named: nameOrAlias)?.name ?? nameOrAlias
  }
}

extension [CatalogueRow] {
  func row(named name: String) -> CatalogueRow? {
    let name = name.lowercased()
    return first { row in
      ([row.name, row.repository] + row.aliases).contains { $0.lowercased() == name }
    }
  }
}
