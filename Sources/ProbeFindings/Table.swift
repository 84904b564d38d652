/// A column of a table: typed values, each of which may be missing.
public struct Column: Sendable, Equatable {
  /// The values of a column, all of one type; `nil` is a missing value (an empty cell), not NaN.
  public enum Values: Sendable, Equatable {
    /// Text.
    case string([String?])
    /// Whole numbers.
    case integer([Int?])
    /// Real numbers.
    case real([Double?])
    /// Yes or no.
    case boolean([Bool?])

    /// The number of values, missing ones included.
    public var count: Int {
      switch self {
      case .string(let values): values.count
      case .integer(let values): values.count
      case .real(let values): values.count
      case .boolean(let values): values.count
      }
    }

    /// The value in a row, `nil` where it is missing.
    ///
    /// - Precondition: `0 <= row < count`.
    public subscript(row: Int) -> Value? {
      switch self {
      case .string(let values): values[row].map(Value.string)
      case .integer(let values): values[row].map(Value.integer)
      case .real(let values): values[row].map(Value.real)
      case .boolean(let values): values[row].map(Value.boolean)
      }
    }
  }

  /// The name in the CSV header, `snake_case`.
  public var name: String
  /// The unit ("steps", "cycles/step"); empty for text and pure numbers.
  public var unit: String
  /// What the column says, in one sentence; shown on the page with the column's title.
  public var description: String
  /// The values, one a row.
  public var values: Values

  /// A column of typed values.
  public init(name: String, unit: String = "", description: String = "", values: Values) {
    self.name = name
    self.unit = unit
    self.description = description
    self.values = values
  }

  /// A column of text.
  public static func string(
    _ name: String, _ values: [String?], unit: String = "", description: String = ""
  ) -> Column {
    Column(name: name, unit: unit, description: description, values: .string(values))
  }

  /// A column of whole numbers.
  public static func integer(
    _ name: String, _ values: [Int?], unit: String = "", description: String = ""
  ) -> Column {
    Column(name: name, unit: unit, description: description, values: .integer(values))
  }

  /// A column of real numbers.
  public static func real(
    _ name: String, _ values: [Double?], unit: String = "", description: String = ""
  ) -> Column {
    Column(name: name, unit: unit, description: description, values: .real(values))
  }

  /// A column of yes and no.
  public static func boolean(
    _ name: String, _ values: [Bool?], unit: String = "", description: String = ""
  ) -> Column {
    Column(name: name, unit: unit, description: description, values: .boolean(values))
  }
}

/// A table: typed columns of equal length, stored by column.
public struct Table: Sendable, Equatable {
  /// The stem of the CSV file: `fixed_points` becomes `fixed_points.csv`.
  public let name: String
  /// The heading on the page.
  public let title: String
  /// What to see in the table and how sure it is.
  public let caption: String
  /// The columns, in their order in the file.
  public let columns: [Column]
  /// How many of the first columns say what a row is; a page keeps them in sight.
  public let keyColumns: Int

  /// A table of columns.
  ///
  /// - Precondition: the columns are of one length, their names differ, and `name` is made of letters, digits,
  ///   `_` and `-`: it becomes a file's name; `keyColumns` is not negative.
  public init(name: String, title: String, caption: String = "", columns: [Column], keyColumns: Int = 1) {
    precondition(isFileStem(name), "'\(name)' cannot be a table's name: letters, digits, _ and - only")
    precondition(keyColumns >= 0, "table \(name): \(keyColumns) key columns")
    precondition(Set(columns.map(\.name)).count == columns.count, "table \(name): two columns of one name")
    if let first = columns.first {
      for column in columns {
        precondition(
          column.values.count == first.values.count,
          "table \(name): column \(column.name) has \(column.values.count) rows, "
            + "\(first.name) has \(first.values.count)")
      }
    }
    self.name = name
    self.title = title
    self.caption = caption
    self.columns = columns
    self.keyColumns = keyColumns
  }

  /// The number of rows.
  public var rowCount: Int { columns.first?.values.count ?? 0 }

  /// The column of a name, `nil` where there is none.
  public subscript(column name: String) -> Column? { columns.first { $0.name == name } }
}

/// Whether a name may be the stem of a file: ASCII letters, digits, `_` and `-`, at least one.
func isFileStem(_ name: String) -> Bool {
  !name.isEmpty
    && name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
}
