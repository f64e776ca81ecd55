import Database
import Testing

@Suite("Comments before a statement") struct LeadingCommentTests {
    @Test func arePassedOverWithTheWhiteSpaceAndAMark() {
        let statements = [
            "A -- b", "\n\t A -- b", "(( A -- b", "-- x\n--y\n(A -- b", "/* a; */ (/**/\r\n/*-- */A -- b",
        ]
        for statement in statements {
            #expect(statement.behindComments(and: "(", nests: true) == "A -- b", "\(statement)")
            #expect(statement.behindComments(and: "(", nests: false) == "A -- b", "\(statement)")
        }
        #expect("(A".behindComments(and: ";", nests: false) == "(A")
    }

    @Test func mayHoldOthersOrEndAtTheFirstMark() {
        let statement = "/* a /* b */ c */ A"
        #expect(statement.behindComments(and: ";", nests: true) == "A")
        #expect(statement.behindComments(and: ";", nests: false) == "c */ A")
        #expect("/*/ a */ A".behindComments(and: ";", nests: false) == "A")
    }

    @Test(arguments: ["", "--", "-- A", "/* A", "/*/", "/* a /* b */"])
    func leaveNothingWhereTheyDoNotEnd(_ sql: String) {
        #expect(sql.behindComments(and: ";", nests: true).isEmpty)
    }
}
