//! A large file on its way in pieces: which piece is next, what a broken line means, how much of all has gone.

use hearth_shared::media::Upload;

/// So many breaks in a row without any progress, and it is given up.
const BREAKS_MAX: u32 = 8;
const FIRST_PAUSE_MILLIS: u32 = 1_000;
const LAST_PAUSE_MILLIS: u32 = 15_000;

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Send the bytes from here to there.
    Piece { from: u64, to: u64 },
    /// All is there.
    Finish,
}

/// How it goes on after a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// Wait so many milliseconds, then ask how much has arrived.
    Ask(u32),
    /// Not by itself.
    GiveUp,
}

/// How far a file has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pieces {
    size: u64,
    received: u64,
    piece: u64,
    breaks: u32,
}

impl Pieces {
    /// As the server says.
    pub(crate) fn of(upload: &Upload) -> Self {
        Self {
            size: upload.size,
            received: upload.received.min(upload.size),
            piece: upload.piece_size.max(1),
            breaks: 0,
        }
    }

    pub(crate) fn next(&self) -> Next {
        if self.received >= self.size {
            Next::Finish
        } else {
            Next::Piece {
                from: self.received,
                to: (self.received + self.piece).min(self.size),
            }
        }
    }

    /// So much is safe, says the server, which alone knows.
    pub(crate) fn learn(&mut self, received: u64) {
        let received = received.min(self.size);
        if received > self.received {
            self.breaks = 0;
        }
        self.received = received;
    }

    /// The line broke, or (`passing` is false) the server said no: it may have counted otherwise, so it is asked, but
    /// not for long.
    pub(crate) fn broke(&mut self, passing: bool) -> After {
        self.breaks += if passing { 1 } else { 3 };
        if self.breaks > BREAKS_MAX {
            return After::GiveUp;
        }
        After::Ask((FIRST_PAUSE_MILLIS << (self.breaks - 1)).min(LAST_PAUSE_MILLIS))
    }

    /// The part of all that has gone, when this part of the piece under way has.
    pub(crate) fn part(&self, of_piece: f64) -> f64 {
        let under_way = match self.next() {
            Next::Piece { from, to } => (to - from) as f64,
            Next::Finish => 0.0,
        };
        (self.received as f64 + under_way * of_piece) / (self.size.max(1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(size: u64, received: u64) -> Pieces {
        Pieces {
            size,
            received,
            piece: 4,
            breaks: 0,
        }
    }

    #[test]
    fn piece_after_piece_to_the_end() {
        let mut all = pieces(10, 0);
        let mut sent = Vec::new();
        while let Next::Piece { from, to } = all.next() {
            sent.push((from, to));
            all.learn(to);
        }
        assert_eq!(sent, [(0, 4), (4, 8), (8, 10)]);
        assert_eq!(all.next(), Next::Finish);
    }

    #[test]
    fn after_a_break_it_goes_on_from_what_is_safe() {
        let mut all = pieces(10, 4);
        assert_eq!(all.broke(true), After::Ask(1_000));
        assert_eq!(all.broke(true), After::Ask(2_000));
        // The piece had arrived; only the answer was lost.
        all.learn(8);
        assert_eq!(all.next(), Next::Piece { from: 8, to: 10 });
        assert_eq!(all.broke(true), After::Ask(1_000), "progress makes patient");
        // Or the server has lost some of it.
        all.learn(0);
        assert_eq!(all.next(), Next::Piece { from: 0, to: 4 });
    }

    #[test]
    fn it_is_given_up_after_many_breaks_and_soon_when_the_server_says_no() {
        let mut all = pieces(10, 4);
        let mut pauses = Vec::new();
        while let After::Ask(pause) = all.broke(true) {
            all.learn(4);
            pauses.push(pause);
        }
        assert_eq!(pauses.len(), 8);
        assert_eq!(pauses.last(), Some(&LAST_PAUSE_MILLIS));
        let mut all = pieces(10, 4);
        let asked = (0..9).take_while(|_| all.broke(false) != After::GiveUp).count();
        assert_eq!(asked, 2);
    }

    #[test]
    fn progress_is_that_of_the_whole() {
        assert!((pieces(10, 4).part(0.5) - 0.6).abs() < 1e-9);
        assert!((pieces(10, 8).part(1.0) - 1.0).abs() < 1e-9);
        assert!((pieces(0, 0).part(1.0)).abs() < 1e-9);
    }
}
