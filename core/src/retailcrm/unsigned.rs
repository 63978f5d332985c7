//! RetailCRM: the requests that nothing signs. Anyone who knows the clientId of an account can send them.
use super::form::{Form, JSON_MAX};
use crate::Error;
use crate::text::Text;
use crate::text::form::Encoded;

/// The clientId that a user's browser brings to the accountUrl.
pub fn client_id(form: &[u8]) -> Result<Encoded<'_>, Error> {
    Form::new(form)?.text("clientId")?.ok_or(Error::Malformed)
}

/// What a system says about a module's activity: four lines, of which the last one may be empty. They are
/// whether it is active, whether the account is frozen, the clientId, and the system URL.
pub fn activity(form: &[u8]) -> Result<impl Text + '_, Error> {
    let [active, freeze] = booleans(Form::new(form)?)?.map(|value| if value { "true\n" } else { "false\n" });
    Ok((active, freeze, client_id(form)?, "\n", Form::new(form)?.text("systemUrl")?))
}

fn booleans(form: Form) -> Result<[bool; 2], Error> {
    let mut space = [0; JSON_MAX];
    let [active, freeze] = form.members("activity", ["active", "freeze"], &mut space)?;
    Ok([active.boolean()?, freeze.boolean()?])
}
