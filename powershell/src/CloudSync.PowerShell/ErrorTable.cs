using System;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>
/// How an error is told to PowerShell, in one place: the daemon's code is the error id, its remedy the recommended
/// action, and its kind the category.
/// </summary>
internal static class ErrorTable
{
    public static ErrorRecord Record(CloudSyncException error, object? target)
    {
        var report = error.Report;
        return new ErrorRecord(error, report.Code, Category(error), report.Object ?? target)
        {
            ErrorDetails = new ErrorDetails($"{report.Code}: {report.Message} {report.Remedy}".TrimEnd()) { RecommendedAction = report.Remedy },
        };
    }

    /// <summary>An answer that lacks what it must have: the module and the daemon are not of one version.</summary>
    public static ErrorRecord Record(FormatException error, object? target) => new(error, "AnswerNotUnderstood", ErrorCategory.InvalidData, target)
    {
        ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = "Use a module and a daemon of the same version." },
    };

    /// <summary>The daemon cannot be talked to at all, so no further input could fare better.</summary>
    public static bool EndsPipeline(CloudSyncException error) => error.Status is 401 || error.Code is "DaemonNotFound" or "DaemonFileDamaged" or "DaemonUnreachable" or "TokenUnreadable" or "NotCloudSync";

    private static ErrorCategory Category(CloudSyncException error) => error.Code switch
    {
        "DaemonNotFound" or "DaemonUnreachable" => ErrorCategory.ConnectionError,
        "DaemonFileDamaged" or "NotCloudSync" => ErrorCategory.InvalidData,
        "TokenUnreadable" => ErrorCategory.PermissionDenied,
        "ProgramNotFound" or "NotInstalled" => ErrorCategory.ObjectNotFound,
        "ToolFailed" => ErrorCategory.FromStdErr,
        "NotOnThisSystem" => ErrorCategory.NotImplemented,
        "DaemonEnded" => ErrorCategory.OpenError,
        "NotEnded" => ErrorCategory.PermissionDenied,
        "FileUnwritable" => ErrorCategory.WriteError,
        "NothingHeld" => ErrorCategory.ObjectNotFound,
        "LogChanged" => ErrorCategory.SecurityError,
        "FileUnreadable" => ErrorCategory.ReadError,
        "NotLoopback" => ErrorCategory.SecurityError,
        "CycleStillRunning" => ErrorCategory.OperationTimeout,
        "NotAnAddress" or "NotASourceAnchor" => ErrorCategory.InvalidArgument,
        "CS6018" or "CS7119" or "NotConfigured" => ErrorCategory.ObjectNotFound,
        "CS6001" => ErrorCategory.ResourceBusy,
        "CS6002" => ErrorCategory.OperationStopped,
        "CS6004" or "CS6007" or "CS6009" or "CS6021" or "CS6022" or "CS6023" or "CS6024" or "CS6025" or "CS6026" => ErrorCategory.PermissionDenied,
        _ => CategoryOfStatus(error.Status) ?? CategoryOfRoom(error.Code),
    };

    private static ErrorCategory? CategoryOfStatus(int status) => status switch
    {
        400 or 415 or 422 => ErrorCategory.InvalidArgument,
        401 => ErrorCategory.AuthenticationError,
        403 => ErrorCategory.PermissionDenied,
        404 => ErrorCategory.ObjectNotFound,
        408 or 504 => ErrorCategory.OperationTimeout,
        409 => ErrorCategory.ResourceBusy,
        412 => ErrorCategory.ResourceExists,
        413 or 429 => ErrorCategory.LimitsExceeded,
        501 => ErrorCategory.NotImplemented,
        503 => ErrorCategory.ResourceUnavailable,
        _ => null,
    };

    /// <summary>By the first digit of a code, which names the room it comes from.</summary>
    private static ErrorCategory CategoryOfRoom(string code) => (code.Length > 2 ? code[2] : ' ') switch
    {
        '1' => ErrorCategory.InvalidArgument,
        '2' => ErrorCategory.ReadError,
        '3' => ErrorCategory.InvalidData,
        '4' => ErrorCategory.WriteError,
        '5' => ErrorCategory.ResourceUnavailable,
        '6' => ErrorCategory.InvalidOperation,
        '9' => ErrorCategory.SecurityError,
        _ => ErrorCategory.NotSpecified,
    };
}
