import Foundation
enum ProjectRoot {
    @TaskLocal static var url: URL?
}
