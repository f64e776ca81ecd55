import Database

// GRDB has a class `Database`, which hides the module of that name, and types of its own called `Statement`, `SQL` and
// `DatabaseError`. Files that import GRDB call the contract's types by these names.
typealias ContractStatement = Statement
typealias ContractError = DatabaseError
typealias ContractSQL = SQL
