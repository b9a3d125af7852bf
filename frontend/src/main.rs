//! The first program: everything that people open every day. For the browser it is taken apart here: what is reached
//! through these functions alone is cut off by `xtask/src/parts.rs` and comes later.
//!
//! Here and not in the library, because a split point is a symbol that everything linked with it exports, and the
//! second program has none of this.

use hearth_frontend::parts::Parts;

fn main() {
    hearth_frontend::run(Parts {
        over: doors::over,
        talk: doors::talk,
        people: doors::people,
    });
}

/// For work on it the program is one piece.
#[cfg(debug_assertions)]
mod doors {
    use hearth_frontend::parts::{self, Coming};

    pub(super) fn over() -> Coming {
        Box::pin(async { Some(parts::over()) })
    }

    pub(super) fn talk() -> Coming {
        Box::pin(async { Some(parts::talk()) })
    }

    pub(super) fn people() -> Coming {
        Box::pin(async { Some(parts::people()) })
    }
}

/// The names of the parts are those of their files.
#[cfg(not(debug_assertions))]
mod doors {
    use hearth_frontend::parts::{self, Coming, Entry};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    pub(super) fn over() -> Coming {
        Box::pin(async { enter_over().await.ok() })
    }

    pub(super) fn talk() -> Coming {
        Box::pin(async { enter_talk().await.ok() })
    }

    pub(super) fn people() -> Coming {
        Box::pin(async { enter_people().await.ok() })
    }

    #[wasm_split(over, fallible)]
    fn enter_over() -> Result<Entry, SplitLoaderError> {
        Ok(parts::over())
    }

    #[wasm_split(talk, fallible)]
    fn enter_talk() -> Result<Entry, SplitLoaderError> {
        Ok(parts::talk())
    }

    #[wasm_split(people, fallible)]
    fn enter_people() -> Result<Entry, SplitLoaderError> {
        Ok(parts::people())
    }
}
