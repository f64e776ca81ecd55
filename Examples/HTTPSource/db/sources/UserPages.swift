import AsyncHTTPClient
import Foundation

/// A page of users, and the name of the one behind it.
struct UserPage: Decodable, Sendable {
    var users: [RemoteUser]
    var next: String?
}

/// Asks the service for pages.
struct UserPages: Sendable {
    var url: String

    /// - Throws: an error that names the page and no user. The run then fails, and can be resumed.
    func page(_ token: String?) async throws -> UserPage {
        guard var components = URLComponents(string: url) else { throw ServiceError("USERS_URL is no URL") }
        if let token { components.queryItems = [URLQueryItem(name: "page", value: token)] }
        let request = HTTPClientRequest(url: components.string ?? url)
        // Shorter than a lease, which ends after a minute without a commit.
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        guard response.status == .ok else {
            throw ServiceError("the service answered \(response.status.code) for the page \(token ?? "1")")
        }
        let body = try await response.body.collect(upTo: 1 << 20)
        return try JSONDecoder().decode(UserPage.self, from: Data(body.readableBytesView))
    }
}

/// Why the service's users can't be read.
struct ServiceError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
