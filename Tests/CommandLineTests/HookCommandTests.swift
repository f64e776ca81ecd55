import Database
import Foundation
import Testing

/// What is told of runs: to the program, to a command, to an address of the web.
@Suite struct HookCommandTests {
    private func workspace() async throws -> Workspace {
        let workspace = try Workspace()
        try await workspace.fill(1_200)
        return workspace
    }

    private static let hook = #"""
        echo "$AZU_EVENT $AZU_NAME $AZU_VERSION $AZU_DIRECTION $AZU_STATUS ${AZU_ROWS:--} ${AZU_QUARANTINED:--} $AZU_ENV" >> hook.log
        cat >> hook.json
        echo "from the hook"
        """#

    @Test func theProgramsHooksAreToldAndOneThatThrowsIsAWarning() async throws {
        let workspace = try await workspace()
        let outcome = try workspace.runGiven("db:data:run", "rename_people")
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("warning: the hook didFinish of rename_people failed: nobody answers"))
        #expect(workspace.lines("hooks.log") == ["started rename_people", "finished rename_people succeeded"])
        #expect(try workspace.runGiven("db:data:rollback", "--version", "rename_people").code == 1)
        let events = try await workspace.texts("SELECT message FROM data_migration_events WHERE kind = 'hook_failed'")
        #expect(events == [["didFinish of rename_people failed: nobody answers"]])
    }

    @Test func aCommandIsRunForEachTurnWithTheRunInItsEnvironmentAndInput() async throws {
        let workspace = try await workspace()
        try await workspace.execute("UPDATE users SET name = 'bad' WHERE id IN (7, 8)")
        let outcome = try workspace.run(
            "db:data:run",
            "update_users",
            "copy_posts",
            "--output",
            "json",
            environment: ["AZU_HOOK": Self.hook]
        )
        #expect(outcome.code == 3, "\(outcome.errors)")
        #expect(
            workspace.lines("hook.log") == [
                "started update_users 20240101000001 up running - - development",
                "finished update_users 20240101000001 up quarantined 1200 2 development",
                "started copy_posts 20240101000002 up running - - development",
                "finished copy_posts 20240101000002 up succeeded 1200 0 development",
            ]
        )
        // What the hook prints is no result.
        #expect(try outcome.objects().allSatisfy { $0["event"] != nil })
        #expect(outcome.errors.contains("from the hook"))
        let records = try workspace.lines("hook.json").map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        }
        #expect(records.map { $0["event"] as? String } == ["started", "finished", "started", "finished"])
        #expect((records[1]["counters"] as? [String: Any])?["changed"] as? Int == 1_198)
        #expect(records[1]["open_quarantine"] as? Int == 2)
        #expect((records[1]["text"] as? String)?.contains("2 in quarantine") == true)
        // The rows stay in.
        #expect(!workspace.lines("hook.json").joined().contains("bad"))
    }

    @Test func itsSettingMayStandInTheFileOfTheEnvironment() async throws {
        let workspace = try await workspace()
        try workspace.write("DATABASE_URL=sqlite:test.sqlite\nAZU_HOOK='echo $AZU_EVENT >> seen.log'\n", to: ".env")
        #expect(try workspace.run("db:data:run", "missing_table").code == 1)
        #expect(workspace.lines("seen.log") == ["started", "failed"])
    }

    @Test func pausingFromAnotherTerminalIsToldByThatOne() async throws {
        let workspace = try Workspace()
        try await workspace.fill(60_000)
        let program = try Program(
            ["db:data:run", "update_users", "--output", "json", "--max-rows-per-second", "1000"],
            in: workspace.folder
        )
        try program.waitForOutput("\"batch\"")
        let hook = ["AZU_HOOK": "echo $AZU_EVENT $AZU_STATUS >> seen.log"]
        #expect(try workspace.run("db:data:pause", "update_users", environment: hook).code == 0)
        #expect(try workspace.run("db:data:resume", "update_users", environment: hook).code == 0)
        #expect(try workspace.run("db:data:cancel", "update_users", environment: hook).code == 0)
        #expect(try program.finish().code == 4)
        #expect(workspace.lines("seen.log") == ["paused paused", "started running", "paused cancelled"])
    }

    @Test func aCommandThatFailsOrHangsIsAWarningAndTheRunIsWhatItWas() async throws {
        let workspace = try await workspace()
        let failing = try workspace.run("db:data:run", "update_users", environment: ["AZU_HOOK": "exit 7"])
        #expect(failing.code == 0)
        #expect(
            failing.errors.contains(
                "warning: the hook didFinish of update_users failed: AZU_HOOK ended with exit code 7"
            )
        )
        let variables = ["AZU_HOOK": "sleep 600", "AZU_HOOK_TIMEOUT": "1s"]
        let hanging = try workspace.run("db:data:run", "copy_posts", environment: variables)
        #expect(hanging.code == 0)
        #expect(hanging.errors.contains("AZU_HOOK took longer than 1.0 s and was killed"), "\(hanging.errors)")
        #expect(try await workspace.number("SELECT count(*) FROM data_migrations") == 2)
        let wrong = try workspace.run("db:data:migrate", environment: ["AZU_HOOK": "true", "AZU_HOOK_TIMEOUT": "soon"])
        #expect(wrong.code == 1)
        #expect(wrong.errors.contains("AZU_HOOK_TIMEOUT: it takes a time"))
    }

    private static let hasCurl = ["/usr/bin/curl", "/usr/local/bin/curl", "/opt/homebrew/bin/curl"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: hasCurl)) func aWebhookIsPostedTheRunAndTriedAgain() async throws {
        let workspace = try await workspace()
        let letterbox = try Letterbox(answers: 503, 200)
        let url = "http://azu:S3cret@127.0.0.1:\(letterbox.port)/hooks/T0ken?team=[data]"
        let outcome = try workspace.run("db:data:run", "update_users", environment: ["AZU_WEBHOOK_URL": url])
        letterbox.close()
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("warning"), "\(outcome.errors)")
        let letters = letterbox.letters
        #expect(try letters.map { try $0.object()["event"] as? String } == ["started", "started", "finished"])
        #expect(letters.allSatisfy { $0.head.hasPrefix("POST /hooks/T0ken?team=[data] HTTP/1.1") })
        #expect(letters.allSatisfy { $0.head.contains("Content-Type: application/json") })
        let last = try #require(try letters.last?.object())
        #expect(last["name"] as? String == "update_users")
        #expect(last["status"] as? String == "succeeded")
        #expect((last["counters"] as? [String: Any])?["changed"] as? Int == 1_200)
    }

    @Test(.enabled(if: hasCurl)) func aWebhookThatRefusesIsAWarningWithoutItsSecrets() async throws {
        let workspace = try await workspace()
        let letterbox = try Letterbox(answers: 404)
        let url = "http://azu:S3cret@127.0.0.1:\(letterbox.port)/T0ken"
        let outcome = try workspace.run("db:data:run", "update_users", environment: ["AZU_WEBHOOK_URL": url])
        letterbox.close()
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("the webhook 127.0.0.1 answers with the status 404"), "\(outcome.errors)")
        let events = try await workspace.texts("SELECT message FROM data_migration_events WHERE kind = 'hook_failed'")
        #expect(events.count == 2)
        let all = outcome.errors + outcome.output + events.map { $0[0] ?? "" }.joined()
        #expect(!all.contains("S3cret") && !all.contains("T0ken"))
    }

    @Test func anAddressThatIsNoneIsAnErrorBeforeTheRun() async throws {
        let workspace = try await workspace()
        for url in ["ftp://host/S3cret", "S3cret", "https://", "https://host/a\nurl=b"] {
            let outcome = try workspace.run("db:data:run", "update_users", environment: ["AZU_WEBHOOK_URL": url])
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("AZU_WEBHOOK_URL is not an address"), "\(outcome.errors)")
            #expect(!outcome.errors.contains("S3cret"))
        }
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE slug IS NOT NULL") == 0)
    }
}
