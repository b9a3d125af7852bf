//! How the page looks and behaves.

pub(crate) const TITLE: &str = "Appearance";
pub(crate) const HINT: &str = "Theme, text size, motion, shortcuts";
pub(crate) const INTRO: &str = "These are kept in this browser and take effect at once, in all its tabs.";

pub(crate) const THEME: &str = "Theme";
pub(crate) const THEME_SYSTEM: &str = "System";
pub(crate) const THEME_LIGHT: &str = "Light";
pub(crate) const THEME_DARK: &str = "Dark";
pub(crate) const DENSITY: &str = "Spacing";
pub(crate) const DENSITY_COMFORTABLE: &str = "Comfortable";
pub(crate) const DENSITY_COMPACT: &str = "Compact";
pub(crate) const TEXT_SIZE: &str = "Text size";
pub(crate) const TEXT_NORMAL: &str = "Standard";
pub(crate) const TEXT_LARGE: &str = "Larger";
pub(crate) const TEXT_LARGEST: &str = "Largest";
pub(crate) const MOTION: &str = "Motion";
pub(crate) const MOTION_DEVICE: &str = "As the device says";
pub(crate) const MOTION_LESS: &str = "Less";
pub(crate) const ANNOUNCEMENTS: &str = "Screen reader announcements";
pub(crate) const ANNOUNCEMENTS_ALL: &str = "All";
pub(crate) const ANNOUNCEMENTS_DIRECT: &str = "Messages only";
pub(crate) const ANNOUNCEMENTS_OFF: &str = "Off";
pub(crate) const ANNOUNCEMENTS_HINT: &str =
    "What arrives by itself, such as new posts. What you do yourself is always answered.";
pub(crate) const SHORTCUTS: &str = "Single-key shortcuts";
pub(crate) const SHORTCUTS_HINT: &str = "Press ? anywhere but here to see them.";

pub(crate) const SAMPLE: &str = "Sample";
pub(crate) const SAMPLE_NAME: &str = "Lena Kovač";
pub(crate) const SAMPLE_TIME: &str = "12 min ago";
pub(crate) const SAMPLE_TEXT: &str = "The lake is finally warm. Who comes along on Sunday?";
