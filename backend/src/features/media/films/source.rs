//! What a film is read from: pieces in the store, of which one at a time is in memory.

use std::io::{Error, ErrorKind, Result};

use tokio::runtime::Handle;

use crate::platform::media_store::MediaStore;
use crate::platform::upload::Bytes;

/// Bytes that can be read anywhere.
pub trait Source {
    /// How many there are.
    fn size(&self) -> u64;

    /// Some of them.
    ///
    /// # Errors
    /// `UnexpectedEof` when there are not so many; every other one is the store's.
    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> Result<()>;
}

impl Source for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> Result<()> {
        let from = usize::try_from(at).unwrap_or(usize::MAX);
        let to = from.saturating_add(bytes.len());
        let found = self.get(from..to).ok_or(ErrorKind::UnexpectedEof)?;
        bytes.copy_from_slice(found);
        Ok(())
    }
}

/// A piece of a film.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its name in the store.
    pub path: String,
    /// Its bytes.
    pub size: u64,
}

/// The pieces of a film. Blocks: not for threads that answer.
pub struct Pieces {
    store: MediaStore,
    runtime: Handle,
    pieces: Vec<Piece>,
    /// The piece that was read last: where it begins, and its bytes.
    present: Option<(u64, Bytes)>,
}

impl Pieces {
    /// In their order.
    pub fn new(store: MediaStore, runtime: Handle, pieces: Vec<Piece>) -> Self {
        Self {
            store,
            runtime,
            pieces,
            present: None,
        }
    }

    /// The piece that a byte is in: where it begins, and its bytes.
    fn piece(&mut self, at: u64) -> Result<(u64, Bytes)> {
        if let Some((begin, bytes)) = &self.present
            && (*begin..*begin + bytes.len() as u64).contains(&at)
        {
            return Ok((*begin, bytes.clone()));
        }
        let mut begin = 0;
        for piece in &self.pieces {
            if at < begin + piece.size {
                let read = self.runtime.block_on(self.store.read(&piece.path));
                let bytes = read.map_err(Error::other)?;
                let bytes = bytes.ok_or_else(|| Error::from(ErrorKind::NotFound))?;
                if bytes.len() as u64 != piece.size {
                    return Err(Error::other("a piece has another size than it had"));
                }
                self.present = Some((begin, bytes.clone()));
                return Ok((begin, bytes));
            }
            begin += piece.size;
        }
        Err(ErrorKind::UnexpectedEof.into())
    }
}

impl Source for Pieces {
    fn size(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.size).sum()
    }

    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> Result<()> {
        let (mut at, mut rest) = (at, bytes);
        while !rest.is_empty() {
            let (begin, piece) = self.piece(at)?;
            let from = usize::try_from(at - begin).unwrap_or(usize::MAX);
            let found = piece.get(from..).unwrap_or_default();
            let length = found.len().min(rest.len());
            let (now, later) = std::mem::take(&mut rest).split_at_mut(length);
            now.copy_from_slice(&found[..length]);
            rest = later;
            at += length as u64;
        }
        Ok(())
    }
}
