// A migration's file imports one module.
@_exported public import Database
