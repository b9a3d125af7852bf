//! Pictures, films and other files: brought to the server while somebody still writes, and shown where they stand. What
//! they stand beside (a post, a message) is the business of others.

pub(crate) mod cropping;
mod describe;
mod film;
mod grid;
mod hands;
mod pieces;
pub(crate) mod state;
mod tile;
mod tray;
mod uploads;

pub(crate) use self::film::Film;
pub(crate) use self::grid::Grid;
pub(crate) use self::hands::{ANYWHERE, AddFiles, use_files};
pub(crate) use self::tray::TrayView;
pub(crate) use self::uploads::{Keep, Uploads, forget};
