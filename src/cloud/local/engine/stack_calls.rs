//! Calls on a stack: cancel, continue, delete, protect.

use super::operation::{Operation, OperationKind, Phase};
use super::stage::{Neighbours, Stage};
use super::{checks, phases, removal, tasks};
use crate::cfn::StackStatus;
use crate::cloud::local::state::State;
use crate::cloud::{CloudError, Result};
use std::collections::BTreeMap;

fn absent(stack: &str) -> CloudError {
    CloudError::NotFound(format!("Stack [{stack}] does not exist"))
}

/// The stack's document, unless this very call was made before.
fn open(state: &State, stack: &str, call: &str, token: &str) -> Result<Option<String>> {
    checks::check_token("clientRequestToken", token)?;
    let document = state.document(stack).ok_or_else(|| absent(stack))?;
    let known = state.record(&document).and_then(|record| record.tokens.get(token));
    Ok((known.map(String::as_str) != Some(call)).then_some(document))
}

/// `CancelUpdateStack`.
pub(crate) fn cancel_update_stack(state: &mut State, stack: &str, token: &str) -> Result<()> {
    let Some(document) = open(state, stack, "cancel", token)? else { return Ok(()) };
    let status = state.record(&document).map(|record| record.status.clone());
    if status != Some(StackStatus::UpdateInProgress) {
        return Err(CloudError::Validation(
            "CancelUpdateStack cannot be called from current stack status".to_owned(),
        ));
    }
    let Some(mut record) = state.take(&document) else { return Err(absent(stack)) };
    record.tokens.insert(token.to_owned(), "cancel".to_owned());
    record.operations += 1;
    if let Some(operation) = &mut record.operation {
        operation.token = Some(token.to_owned());
    }
    let mut stage = Stage {
        world: &mut state.world,
        templates: &state.templates,
        exports: BTreeMap::new(),
        neighbours: Neighbours::default(),
    };
    phases::take_back(&mut stage, &mut record, Some("User Initiated".to_owned()));
    state.put(record);
    super::settle(state);
    Ok(())
}

/// `ContinueUpdateRollback`.
pub(crate) fn continue_update_rollback(state: &mut State, stack: &str, token: &str) -> Result<()> {
    let Some(document) = open(state, stack, "continue", token)? else { return Ok(()) };
    let Some(mut record) = state.take(&document) else { return Err(absent(stack)) };
    if record.status != StackStatus::UpdateRollbackFailed {
        state.put(record);
        return Err(CloudError::Validation(
            "ContinueUpdateRollback cannot be called from current stack status".to_owned(),
        ));
    }
    record.tokens.insert(token.to_owned(), "continue".to_owned());
    record.operations += 1;
    let stage = Stage {
        world: &mut state.world,
        templates: &state.templates,
        exports: BTreeMap::new(),
        neighbours: Neighbours::default(),
    };
    phases::go_on(&stage, &mut record, token);
    state.put(record);
    super::settle(state);
    Ok(())
}

/// `DeleteStack`; gone already is done.
pub(crate) fn delete_stack(state: &mut State, stack: &str, token: &str) -> Result<()> {
    checks::check_token("clientRequestToken", token)?;
    let Some(document) = state.document(stack) else { return Ok(()) };
    let Some(record) = state.record(&document) else { return Ok(()) };
    if record.tokens.get(token).is_some_and(|call| call == "delete") {
        return Ok(());
    }
    match &record.status {
        StackStatus::DeleteComplete | StackStatus::DeleteInProgress => return Ok(()),
        status if status.is_busy() && *status != StackStatus::CreateInProgress => {
            return Err(CloudError::Busy(format!(
                "Stack [{}] cannot be deleted while in status {status}",
                record.name
            )));
        }
        _ => {}
    }
    if record.termination_protection {
        return Err(CloudError::Validation(format!(
            "Stack [{}] cannot be deleted while TerminationProtection is enabled",
            record.name
        )));
    }
    if let Some((export, user)) = export_in_use(state, &document) {
        return Err(CloudError::Validation(format!(
            "Export {export} cannot be deleted as it is in use by {user}"
        )));
    }
    begin_deletion(state, &document, token);
    super::settle(state);
    Ok(())
}

fn begin_deletion(state: &mut State, document: &str, token: &str) {
    let Some(mut record) = state.take(document) else { return };
    let now = state.world.now;
    tasks::cancel_running(&mut record, now);
    record.tokens.insert(token.to_owned(), "delete".to_owned());
    record.operations += 1;
    record.change_sets.clear();
    // Left over by an update whose rollback failed.
    let left_over = record.operation.take().map(|operation| operation.garbage).unwrap_or_default();
    let mut operation = Operation::new(OperationKind::Delete, Phase::Deleting, now, Some(token.to_owned()));
    operation.garbage = record.deployed.resources.clone();
    operation.garbage.extend(left_over);
    operation.tasks = removal::plan(&operation.garbage);
    record.operation = Some(operation);
    record.becomes(StackStatus::DeleteInProgress, Some("User Initiated".to_owned()), now);
    state.put(record);
}

/// An export of the stack that another stack imports, and that stack.
fn export_in_use(state: &State, document: &str) -> Option<(String, String)> {
    let stack = state.record(document)?;
    let users = Neighbours::of(state, &stack.id).users;
    stack.deployed.exports.keys().find_map(|export| Some((export.clone(), users.get(export)?.clone())))
}

/// `UpdateTerminationProtection`.
pub(crate) fn update_termination_protection(state: &mut State, stack: &str, enabled: bool) -> Result<()> {
    let document = state.document(stack).ok_or_else(|| absent(stack))?;
    let Some(mut record) = state.take(&document) else { return Err(absent(stack)) };
    record.termination_protection = enabled;
    state.put(record);
    Ok(())
}
