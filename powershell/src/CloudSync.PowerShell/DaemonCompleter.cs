using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Threading;
using System.Threading.Tasks;

namespace CloudSync.Cmdlets;

/// <summary>Completion from what the daemon knows. A daemon that is not there, or slow, completes nothing and disturbs nobody.</summary>
public abstract class DaemonCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if ((fakeBoundParameters["Connection"] as Connection ?? Session.Known()) is not { } connection) return [];
            var word = wordToComplete.Trim('\'', '"');
            return Task.Run(() => Complete(connection.Daemon, commandName, parameterName, word, patience.Token)).GetAwaiter().GetResult().ToArray();
        }
        catch (Exception error) when (error is CloudSyncException or OperationCanceledException or FormatException)
        {
            return [];
        }
    }

    internal abstract Task<IEnumerable<CompletionResult>> Complete(
        DaemonClient daemon, string command, string parameter, string word, CancellationToken cancel);

    /// <summary>Quoted where PowerShell would read it as more than one word.</summary>
    private protected static CompletionResult Result(string value, string shown, string tip)
    {
        var plain = value.Length > 0 && value.All(one => char.IsLetterOrDigit(one) || one is '.' or '-' or '_' or '@');
        if (value.Length > 0 && value[0] is '@' or '-') plain = false;
        var text = plain ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
        return new CompletionResult(text, shown, CompletionResultType.ParameterValue, tip.Length == 0 ? shown : tip);
    }
}
