import DataMigrations
import Foundation

/// A user as the service hands it out.
struct RemoteUser: Codable, Sendable {
    var id: Int64
    var name: String
    var email: String
}

/// The users of a service that hands them out in pages.
///
/// A page is only asked for when its first row is wanted, so no more than one is in memory.
struct RemoteUsers: RowSource {
    typealias Row = RemoteUser

    var url: String

    /// What progress and errors call the source.
    ///
    /// A URL with credentials in it would not do.
    var label: String { url }

    func rows(after cursor: String?) throws -> Rows {
        Rows(pages: UserPages(url: url), start: try cursor.map(PageCursor.init(text:)) ?? PageCursor())
    }

    /// Lets `azu db:data:retry` read a row that was put aside.
    func row(from original: String) throws -> RemoteUser? {
        try JSONDecoder().decode(RemoteUser.self, from: Data(original.utf8))
    }

    /// The users behind a place.
    struct Rows: AsyncSequence {
        typealias Element = SourceRow<RemoteUser>

        var pages: UserPages
        var start: PageCursor

        func makeAsyncIterator() -> Iterator { Iterator(pages: pages, place: start) }

        struct Iterator: AsyncIteratorProtocol {
            let pages: UserPages
            var place: PageCursor
            private var page: UserPage?

            init(pages: UserPages, place: PageCursor) {
                self.pages = pages
                self.place = place
            }

            mutating func next() async throws -> SourceRow<RemoteUser>? {
                while true {
                    let page = if let page { page } else { try await pages.page(place.token) }
                    self.page = page
                    if place.index < page.users.count {
                        let user = page.users[place.index]
                        place.index += 1
                        let original = String(decoding: try JSONEncoder().encode(user), as: UTF8.self)
                        return SourceRow(user, cursor: place.text, original: original)
                    }
                    guard let next = page.next else { return nil }
                    place = PageCursor(token: next)
                    self.page = nil
                }
            }
        }
    }
}

/// A place between two users: `57:p12` is behind the 57th user of the page `p12`.
struct PageCursor {
    /// The page; `nil` for the first one.
    var token: String?
    /// How many of its users lie before the place.
    var index = 0

    var text: String { "\(index):\(token ?? "")" }
}

extension PageCursor {
    init(text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]) else {
            throw ServiceError("the run's cursor is not one of this source")
        }
        self.init(token: parts[1].isEmpty ? nil : String(parts[1]), index: index)
    }
}
