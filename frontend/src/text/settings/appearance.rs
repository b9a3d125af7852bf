//! How the page looks and behaves.

pub(crate) const TITLE: &str = "Appearance";
pub(crate) const HINT: &str = "Theme, text size, motion, shortcuts";

pub(crate) const THEME: &str = "Theme";
pub(crate) const THEME_SYSTEM: &str = "System";
pub(crate) const THEME_LIGHT: &str = "Light";
pub(crate) const THEME_DARK: &str = "Dark";
pub(crate) const TEXT_SIZE: &str = "Text size";
pub(crate) const TEXT_NORMAL: &str = "Standard";
pub(crate) const TEXT_LARGE: &str = "Larger";
pub(crate) const REDUCE_MOTION: &str = "Reduce motion";
pub(crate) const REDUCE_MOTION_HINT: &str = "Nothing fades or slides, whatever the device says.";
pub(crate) const SHORTCUTS: &str = "Single-key shortcuts";
pub(crate) const SHORTCUTS_HINT: &str = "Press ? anywhere but here to see them.";
