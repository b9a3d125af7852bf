//! Every operation of the API, once. The OpenAPI document, the authorization matrix and the test that every
//! operation is mounted are made from this list.

/// Calls a macro with the types of all operations, in the order of the document.
#[macro_export]
macro_rules! for_each_endpoint {
    ($callback:ident) => {
        $callback! {
            $crate::instance::GetInstance,
            $crate::auth::Register,
            $crate::auth::Login,
            $crate::auth::Refresh,
            $crate::auth::Logout,
            $crate::auth::ForgotPassword,
            $crate::auth::CheckResetToken,
            $crate::auth::ResetPassword,
            $crate::auth::ChangePassword,
            $crate::auth::VerifyEmail,
            $crate::auth::SendVerification,
            $crate::auth::ListSessions,
            $crate::auth::EndSession,
            $crate::auth::EndOtherSessions,
            $crate::auth::GetTwoFactor,
            $crate::auth::SetUpTwoFactor,
            $crate::auth::EnableTwoFactor,
            $crate::auth::DisableTwoFactor,
            $crate::auth::NewRecoveryCodes,
            $crate::auth::ListInvitations,
            $crate::auth::CreateInvitation,
            $crate::auth::RevokeInvitation,
            $crate::auth::CheckInvitation,
            $crate::users::GetMe,
            $crate::leaving::DeleteMe,
            $crate::leaving::ExportMyData,
            $crate::users::EditMe,
            $crate::users::SetAvatar,
            $crate::users::RemoveAvatar,
            $crate::users::SetCover,
            $crate::users::RemoveCover,
            $crate::users::FindPeople,
            $crate::users::GetProfile,
            $crate::users::ListUserPosts,
            $crate::users::ListUserPhotos,
            $crate::media::UploadMedia,
            $crate::media::EditMedia,
            $crate::media::DeleteMedia,
            $crate::media::CreateUpload,
            $crate::media::GetUpload,
            $crate::media::PutPiece,
            $crate::media::CompleteUpload,
            $crate::media::CancelUpload,
            $crate::media::GetMedia,
            $crate::media::GetAvatar,
            $crate::users::ListUserFriends,
            $crate::privacy::GetPrivacy,
            $crate::privacy::ChangePrivacy,
            $crate::friends::ListFriends,
            $crate::friends::RemoveFriend,
            $crate::friends::ListFriendRequests,
            $crate::friends::CreateFriendRequest,
            $crate::friends::AcceptFriendRequest,
            $crate::friends::DeclineFriendRequest,
            $crate::friends::CancelFriendRequest,
            $crate::suggestions::ListSuggestions,
            $crate::suggestions::HideSuggestion,
            $crate::blocks::ListBlocks,
            $crate::blocks::BlockPerson,
            $crate::blocks::UnblockPerson,
            $crate::posts::GetFeed,
            $crate::posts::CreatePost,
            $crate::posts::GetPost,
            $crate::posts::EditPost,
            $crate::posts::DeletePost,
            $crate::posts::RestorePost,
            $crate::posts::ListPostEdits,
            $crate::posts::SharePost,
            $crate::posts::ListTagPosts,
            $crate::posts::SavePost,
            $crate::posts::UnsavePost,
            $crate::posts::ListSavedPosts,
            $crate::posts::MutePost,
            $crate::posts::UnmutePost,
            $crate::posts::ListMutedPeople,
            $crate::posts::MutePerson,
            $crate::posts::UnmutePerson,
            $crate::posts::ListReactors,
            $crate::posts::SetReaction,
            $crate::posts::RemoveReaction,
            $crate::posts::ListComments,
            $crate::posts::CreateComment,
            $crate::posts::EditComment,
            $crate::posts::DeleteComment,
            $crate::posts::RestoreComment,
            $crate::posts::ListCommentEdits,
            $crate::posts::SetCommentReaction,
            $crate::posts::RemoveCommentReaction,
            $crate::posts::ListCommentReactors,
            $crate::reports::CreateReport,
            $crate::search::Search,
            $crate::conversations::ListConversations,
            $crate::conversations::OpenConversation,
            $crate::conversations::GetConversation,
            $crate::conversations::ListMessages,
            $crate::conversations::ListMessageMedia,
            $crate::conversations::SendMessage,
            $crate::conversations::EditMessage,
            $crate::conversations::DeleteMessage,
            $crate::conversations::AddMessageReaction,
            $crate::conversations::RemoveMessageReaction,
            $crate::conversations::ListPins,
            $crate::conversations::PinMessage,
            $crate::conversations::UnpinMessage,
            $crate::conversations::MarkRead,
            $crate::conversations::ChangeConversationSettings,
            $crate::conversations::AcceptRequest,
            $crate::conversations::DeclineRequest,
            $crate::conversations::groups::ListGroups,
            $crate::conversations::groups::CreateGroup,
            $crate::conversations::groups::GetGroup,
            $crate::conversations::groups::EditGroup,
            $crate::conversations::groups::EndGroup,
            $crate::conversations::groups::SetGroupPicture,
            $crate::conversations::groups::RemoveGroupPicture,
            $crate::conversations::groups::GetGroupPicture,
            $crate::conversations::groups::JoinGroup,
            $crate::conversations::groups::LeaveGroup,
            $crate::conversations::members::ListGroupMembers,
            $crate::conversations::members::ChangeRole,
            $crate::conversations::members::RemoveMember,
            $crate::conversations::members::ListInvitees,
            $crate::conversations::members::InviteToGroup,
            $crate::conversations::members::WithdrawInvitation,
            $crate::conversations::members::ListGroupInvitations,
            $crate::conversations::members::DeclineGroupInvitation,
            $crate::notifications::ListNotifications,
            $crate::notifications::MarkNotificationsSeen,
            $crate::notifications::MarkNotificationsRead,
            $crate::notifications::MarkNotificationRead,
            $crate::notifications::preferences::GetNotificationPreferences,
            $crate::notifications::preferences::ChangeNotificationPreferences,
            $crate::notifications::GetBadges,
            $crate::realtime::GetSync,
            $crate::realtime::ListMyEvents,
            $crate::realtime::ListConversationEvents,
        }
    };
}

use crate::endpoint::{Access, Endpoint, Method};

/// An operation without its types: what a table of all of them can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// [`Endpoint::NAME`].
    pub name: &'static str,
    /// [`Endpoint::METHOD`].
    pub method: Method,
    /// [`Endpoint::PATH`].
    pub path: &'static str,
    /// [`Endpoint::ACCESS`].
    pub access: Access,
}

const fn operation<E: Endpoint>() -> Operation {
    Operation {
        name: E::NAME,
        method: E::METHOD,
        path: E::PATH,
        access: E::ACCESS,
    }
}

macro_rules! list {
    ($($endpoint:ty),+ $(,)?) => {
        /// All operations.
        pub const OPERATIONS: &[Operation] = &[$(operation::<$endpoint>()),+];
    };
}
for_each_endpoint!(list);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_differ_in_name_and_in_method_and_path() {
        let mut names = std::collections::HashSet::new();
        let mut routes = std::collections::HashSet::new();
        for operation in OPERATIONS {
            assert!(names.insert(operation.name), "{}", operation.name);
            assert!(
                routes.insert((operation.method, operation.path)),
                "{}",
                operation.path
            );
        }
    }
}
