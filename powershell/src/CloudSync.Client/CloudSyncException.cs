using System;

namespace CloudSync;

/// <summary>A call that did not do what it was asked for, with the daemon's reason or this module's own.</summary>
public sealed class CloudSyncException : Exception
{
    internal CloudSyncException(ErrorReport report, int status = 0, Exception? cause = null) : base(report.Message, cause)
    {
        Report = report;
        Status = status;
    }

    public ErrorReport Report { get; }

    public string Code => Report.Code;

    public string Remedy => Report.Remedy;

    /// <summary>The HTTP status; 0 where no answer came.</summary>
    public int Status { get; }
}
