using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CloudSync.Cmdlets;

/// <summary>The types of operation a plan can hold.</summary>
public sealed class OperationTypeCompleter : IArgumentCompleter
{
    private static readonly string[] Types =
    [
        "create", "adopt", "update", "disable", "delete", "restore", "addMembers", "removeMember", "setManager", "clearManager",
    ];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Types.Where(type => type.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase)).Select(type => new CompletionResult(type));
}
