//! The list of devices: what is taken out of it at once, and put back where it was when the server refuses.

use hearth_shared::auth::SignedInDevice;
use hearth_shared::ids::SessionId;

/// The device that asks first, then as the server lists them.
pub(super) fn sorted(mut devices: Vec<SignedInDevice>) -> Vec<SignedInDevice> {
    devices.sort_by_key(|device| !device.current);
    devices
}

/// Without one; and where it stood.
pub(super) fn without(devices: &[SignedInDevice], id: SessionId) -> Vec<SignedInDevice> {
    devices.iter().filter(|device| device.id != id).cloned().collect()
}

/// Puts one back that could not be signed out, unless the list has it again already.
pub(super) fn put_back(
    mut devices: Vec<SignedInDevice>,
    device: SignedInDevice,
    at: usize,
) -> Vec<SignedInDevice> {
    if devices.iter().all(|other| other.id != device.id) {
        devices.insert(at.min(devices.len()), device);
    }
    devices
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::Id;
    use hearth_shared::time::Timestamp;

    use super::*;

    fn device(id: i64, current: bool) -> SignedInDevice {
        SignedInDevice {
            id: SessionId::new(id),
            current,
            user_agent: String::new(),
            created_at: Timestamp::from_millis(id),
            last_used_at: Timestamp::from_millis(id),
        }
    }

    fn ids(devices: &[SignedInDevice]) -> Vec<i64> {
        devices.iter().map(|device| device.id.get()).collect()
    }

    #[test]
    fn this_device_comes_first_and_the_others_keep_their_order() {
        let devices = sorted(vec![device(3, false), device(2, true), device(1, false)]);
        assert_eq!(ids(&devices), [2, 3, 1]);
    }

    #[test]
    fn what_could_not_be_signed_out_returns_to_its_place() {
        let all = vec![device(2, true), device(3, false), device(1, false)];
        let fewer = without(&all, SessionId::new(3));
        assert_eq!(ids(&fewer), [2, 1]);
        let again = put_back(fewer, device(3, false), 1);
        assert_eq!(ids(&again), [2, 3, 1]);
        assert_eq!(ids(&put_back(again, device(3, false), 0)), [2, 3, 1]);
        assert_eq!(ids(&put_back(Vec::new(), device(3, false), 7)), [3]);
    }
}
