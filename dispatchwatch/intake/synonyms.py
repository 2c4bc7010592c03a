"""The names that sources give to our fields (study 2.2), as data.

Names are compared folded: lower case, letters and digits only. A `SURE` name is taken at its word. A `LOOSE` name
can mean several things; it is taken when nothing sure stands for the field and no other loose name competes,
and `proposal` reports it for a person to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURE: Mapping[str, tuple[str, ...]] = {
    "ext_id": _names(
        "extid appointmentid appointmentnumber appointmentno visitid visitnumber visitno wotask dispatchid callnumber"
        " bookableresourcebookingid"
    ),
    "order_ref": _names(
        "orderref workorder workordernumber workorderid wo wonumber jobnumber jobid job msdynworkorder parentrecordid"
        " incidentnumber ticket ticketnumber generatedjobid invoicenumber parent"
    ),
    "status": _names("status jobstatus appointmentstatus visitstatus workstatus bookingstatus tripstatus"),
    "date": _names("visitdate appointmentdate servicedate jobdate scheduleddate mntcdate"),
    "sched_start": _names(
        "schedstart scheduledstart startat starttime startdate scheduledstartdate scheduleddatestart schedstarttime"
        " scheduledstarttime scheduledtime appointmentstart appointmentstarttime appointmentstartdatetime"
        " appointmenttime plannedstart planneddate plannedstartdate estimatedstartdate expectedstart"
        " scheduledstartdatetime scheduleddatetime mntctime dtstart svmxcscheduleddatetimec"
    ),
    "sched_end": _names(
        "schedend scheduledend endat endtime enddate scheduledenddate scheduleddateend schedendtime scheduledendtime"
        " scheduledenddatetime appointmentend appointmentendtime appointmentenddatetime plannedend plannedenddate"
        " estimatedend estimatedenddate dtend"
    ),
    "window_start": _names(
        "windowstart arrivalwindowstart arrivalwindowstarttime timewindowstart timefrompromised requestearly"
        " earlieststarttime preferredstarttime"
    ),
    "window_end": _names(
        "windowend arrivalwindowend arrivalwindowendtime timewindowend timetopromised requestlate preferredendtime"
    ),
    "window_length": (),
    "duration": _names(
        "durationmin durationminutes scheduledduration estimatedduration estimatedworkduration plannedduration"
        " serviceduration"
    ),
    "arrived_at": _names(
        "arrivedat arrival arrivaltime actualarrival actualarrivaltime actualonsitearrival checkin checkedin"
        " checkedinat checkintime onscene onscenedttm worksitearrive"
    ),
    "started_at": _names("workstarted workstartedat actualworkstart"),
    "en_route_at": _names(
        "enroute enrouteat enroutetime onmyway onmywayat ontheway onthewayat travelstart actualtravelstart responsedttm"
    ),
    "dispatched_at": _names("dispatchedat dispatchtime dispatcheddate dispatchdttm"),
    "completed_at": _names(
        "completedat completedon completiontime actualend actualendtime actualworkend checkout checkedoutat"
        " checkouttime doneat availabledttm worksiteleave"
    ),
    "departed_at": _names(
        "departedat departed departure departuretime departuredttm actualdeparture actualdeparturetime leftat leftsite"
        " leftsiteat timeleft siteleave clockedoff clockedoffat clockoff clockedout clockedoutat clockout clockouttime"
    ),
    "cancelled_at": _names("cancelledat canceledat cancelledon canceledon cancellationtime cancellationdate"),
    "cancelled_by": _names("cancelledby canceledby"),
    "cancel_reason": _names("cancelreason cancellationreason cancelledreason canceledreason"),
    "reported_at": _names(
        "reportedat reported reporteddatetime reporttime reportedtime reporteddttm faultreportedat callreceived"
        " callreceivedat callreceivedtime calltime calldatetime calledat calledinat requestedat requestreceived"
        " requestreceivedat receivedat received receivedtime receiveddttm openedat opened reportedon requestedon"
        " receivedon openedon reporteddate receiveddate datereceived dateopened"
    ),
    "booked_at": _names("bookedat bookedon bookingdate createdat createdon createddate datecreated syscreatedon"),
    "modified_at": _names(
        "modifiedat modifiedon modifieddate updatedat updatedon lastmodified lastmodifieddate lastupdated edit"
        " writedate systemmodstamp sysupdatedon"
    ),
    "eta": _names("eta estimatedarrival estimatedarrivaltime"),
    "status_at": _names("statusat statuschangedat statustime statusdate"),
    "technician": _names(
        "technician technicianname technicians tech techname assignedto assignedtechnician assignedtechnicianname"
        " assignee assignees assignedemployees assignedresource serviceresource resourcename primaryuser"
    ),
    "technician_id": _names(
        "technicianid techid assignedtechnicianid assignedemployeesids dispatchedemployeesids resourceid staffuuid"
    ),
    "technician_phone": _names("technicianphone techphone technicianmobile"),
    "customer": _names("customer customername client clientname account accountname billto serviceaccount"),
    "customer_phone": _names("customerphone clientphone contactphone"),
    "site": _names("site sitename location locationname property functionallocation"),
    "address": _names("address serviceaddress jobaddress siteaddress customeraddress"),
    "site_timezone": _names("sitetimezone timezone tz ianatimezone"),
    "latitude": _names("latitude lat sitelatitude"),
    "longitude": _names("longitude lon lng sitelongitude"),
    "priority": _names("priority urgency"),
    "contract": _names("contract contractname contractnumber servicecontract"),
    "kind": _names("kind jobtype worktype visittype appointmenttype servicetype"),
    "title": _names("title subject summary"),
    "notes": _names("notes note jobnotes instructions"),
    "url": _names("url link"),
    "anytime": _names("anytime allday"),
    "skills": _names("skills requiredskills requiredskill skillset skillsneeded"),
    "parts": _names("parts requiredparts partsneeded partsrequired"),
    "locked": _names("locked pinned fixedappointment"),
}

LOOSE: Mapping[str, tuple[str, ...]] = {
    "ext_id": _names("id uuid uid name number rowid"),
    "status": _names(
        "state substate stageid stagename statuscode statuscategory dispatchstatus systemstatus completionstatus"
    ),
    "date": _names("date day"),
    "sched_start": _names("start time"),
    "sched_end": _names("end duedate"),
    "window_end": _names("duedate"),
    "duration": _names("duration"),
    "arrived_at": _names("actualstart actualstarttime startedat datestart"),
    "started_at": _names("actualstart actualstarttime startedat"),
    "completed_at": _names("dateend"),
    "technician": _names("resource employee agent crew salesperson"),
    "technician_id": _names("personid userid unitid"),
    "customer": _names("company companyuuid partner accountid"),
    "site": _names("locationid"),
    "cancel_reason": _names("statusmessage holdreason"),
    "title": _names("description"),
}

UNMAPPED = frozenset(_names("arrivalwindow arrivalwindowminutes arrivalwindowinminutes servicewindow"))
"""Lengths of an arrival window. Their unit differs from source to source (study 2.3), so a person is asked."""

FIELDS = tuple(SURE)
TIME_FIELDS = (
    "date",
    "sched_start",
    "sched_end",
    "window_start",
    "window_end",
    "eta",
    "arrived_at",
    "started_at",
    "en_route_at",
    "dispatched_at",
    "completed_at",
    "departed_at",
    "cancelled_at",
    "reported_at",
    "booked_at",
    "modified_at",
    "status_at",
)
START_FIELDS = ("sched_start", "window_start", "window_end")
DAY_ONLY = frozenset(_names("visitdate appointmentdate servicedate jobdate scheduleddate mntcdate"))
"""Names of a day that stand for the start where a source gives no other; plain "Date" could be any date."""

ASIDE = frozenset({"departed_at", "reported_at", "booked_at", "modified_at", "status_at"})
DECISIVE = frozenset(TIME_FIELDS) - ASIDE | {"ext_id", "status", "technician"}
"""Fields that alerts depend on: two headers that compete for one of them are a question, never a guess."""
