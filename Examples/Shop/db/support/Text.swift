extension String {
    /// The mail address with something put before its `@`: `ada@example.com` → `ada_7@example.com`.
    func suffixed(_ suffix: String) -> String {
        guard let at = lastIndex(of: "@") else { return self + suffix }
        return self[..<at] + suffix + self[at...]
    }
}
