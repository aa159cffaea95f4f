"""Which right every operation needs; applied to the workbench, not to widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from app.casework.people import Right

T = TypeVar("T")

_BY_RIGHT: Mapping[Right, str] = {
    Right.RECORD: """
        register take_in choose_protocol settle_step reopen_step correct_region mark_of
        settle_stage reopen_stage
        add_pick withdraw_pick correct hand_over record_event record_firearm set_facts
        choose_for_entry join_gun leave_gun make_gun merge_guns merge_with sort_scene
        split_gun undo_sorting
    """,
    Right.SEARCH: """
        search search_in_background cancel_search compare_missing
    """,
    Right.ACQUIRE: """
        capture import_paths settle_scale scale_from_calibration use_all_the_same
        keep_series keep_combined keep_light_set relief keep_relief check_relief use_shading
    """,
    Right.CHECK: """
        calibrate type_calibration check_calibration check_by expire_calibration
        withdraw_calibration keep_reference withdraw_reference
        enter_light_rig calibrate_light_rig calibrate_rig_from_frames run_check
    """,
    Right.REVIEW: """
        review review_all undo_review
        record_review propose_lead agree_lead decline_lead assign_lead lead_feedback close_lead
        reopen_lead note_warm_link
    """,
    Right.COMPARE: """
        save_comparison
    """,
    Right.EXAMINE: """
        annotate save_view rename_view report_view withdraw_view conclude
        ask_verification ask_third verify
    """,
    Right.ISSUE: """
        export_view export_picture export_report export_relief issue
        send_notice note_receipt
        export_board export_metrics
        request_trace trace_step export_trace
        export_journal export_links write_open_data recount_shootings
    """,
    Right.QUALITY: """
        declare_reference_case reschedule_checks withdraw_reference_case sign_instrument
        set_qualified_people add_populations withdraw_population
        set_clock_policy rebuild_clock
        acknowledge_check
    """,
    Right.SHARE: """
        export_entry import_entries exchange_now
    """,
    Right.ADMINISTER: """
        set_author backup add_person set_roles retire_person reinstate_person reset_password
        grant_qualification withdraw_qualification set_policy end_session
        plan_backups make_backup restore_backup
        plan_checks
        set_record_rules set_search_area
    """,
    Right.OWN: """
        change_password
    """,
}
"""One line a slice of work; the operations of a right, parted by spaces."""

RIGHTS: Mapping[str, Right] = {
    name: right for right, names in _BY_RIGHT.items() for name in names.split()
}
"""The right of every operation that records, writes or sends anything."""

_READING = """
    folder read_only notice author identity setting set_setting subscribe wait_idle close
    set_up sign_in sign_out lock within session sessions me may people policy staff qualified
    person qualifications warnings open_bench must_change last_here station_words today
    read_label label_on label_names registration_of next_case
    protocols needs_of needs_of_exhibit mark picture_before
    tree tree_part newest_tree case_node pictures_of provenance last_registration pick_lists
    plan_of sides_of annotations annotation_versions remarks saved_views saved_view
    combine recipe_of sources_of combined_again check_combined
    light_rigs light_rig scans_beside lit_set work_out_relief light_sets reliefs measured_scans
    relief_checks compare open_comparison score_of comparisons similarity_of lights_of side_lit
    region surface thumbnail side references references_for shading_used shading_for
    instruments instrument_state reference_case_for reference_cases instrument_checks
    instrument_releases golden check_picture check_thumbnail qualified_people
    calibrations calibration_for quality_of judge running searches unseen_count mark_seen
    candidates populations meaning similarity scale noted conclusions align_near place
    score_here fused listed stand_at place_in outbox check
    clock_to_make make_clock clock_notice
    clock clock_words clock_now clock_policy clock_policies board overdue_count metrics check_clock
    clock_place clock_pair overdue_words issue_warnings issue_file_name
    hidden hidden_comparisons hidden_subjects hides_link hides_review
    language_warnings non_agreement
    search_reviews reviewed_depth lead leads lead_history lead_counts silence tally
    case_names case_agencies case_called comparison
    links links_of link_between names_of hits warm_links casework_words
    notices untold untold_ends verifications verification_versions verification_tasks disputed
    waiting_task
    find_guns gun_group gun_groups gun_history gun_marks gun_members gun_names gun_of scene
    backups check_runs guarded journal_last journal_line journal_page journal_seqs journal_subject
    journal_words retention station_keys verify_journal guard_by_plan check_casebook
    link_chart linked_events open_data shootings_by_place shootings_by_time
    corrections custody_gaps facts hand_overs history missing_facts record_rules sheets
    search_area
    trace_counts trace_draft trace_form trace_json trace_lacks trace_line trace_lines trace_place
    untraced_guns
    issue_recipients issue_prospect
"""
READING: frozenset[str] = frozenset(_READING.split())
"""What only looks, or remembers for the person at work what is no part of the record."""


def guarded(rights: Mapping[str, Right]) -> Callable[[type[T]], type[T]]:
    """A class decorator: each method named asks first whether the person at work may do it.

    Nothing else happens before: arguments are not looked at. The class has ``_sessions``.
    """

    def apply(kind: type[T]) -> type[T]:
        for name, right in rights.items():
            method = getattr(kind, name, None)
            if callable(method):
                setattr(kind, name, _guard(method, right))
        return kind

    return apply


def _guard(method: Callable[..., Any], right: Right) -> Callable[..., Any]:
    @wraps(method)
    def operation(self: Any, *args: Any, **kwargs: Any) -> Any:
        with self._sessions.doing(right):
            return method(self, *args, **kwargs)

    return operation
