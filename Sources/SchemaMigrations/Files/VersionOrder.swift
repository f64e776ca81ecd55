/// The order of versions: by their numbers, however many digits they have.
public enum VersionOrder {
    /// Whether a version comes before another one.
    ///
    /// - Parameters:
    ///   - version: a version.
    ///   - other: another one.
    /// - Returns: whether the first one is the older one; what is no number is compared as text.
    public static func isOlder(_ version: String, than other: String) -> Bool {
        let (left, right) = (significant(version), significant(other))
        guard let left, let right, left != right else { return version < other }
        return left.count == right.count ? left < right : left.count < right.count
    }

    /// The digits behind leading zeros; `nil` for what is no number.
    private static func significant(_ version: String) -> String? {
        guard !version.isEmpty, version.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return String(version.drop { $0 == "0" })
    }
}
