using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Evaluates a mapping expression on attributes, and changes nothing.</summary>
/// <remarks>
/// The attributes are those of an object from Get-CloudSyncObject, or given by name. What the expression gives comes out
/// as a value; an expression that is wrong is an error with the daemon's code.
/// </remarks>
/// <example><code>Test-CloudSyncExpression 'Join(" ", [givenName], [sn])' -Attribute @{ givenName = 'Ada'; sn = 'Lovelace' }</code><para>Evaluates an expression on attributes by name.</para></example>
/// <example><code>Get-CloudSyncObject ada@corp.contoso.test | Test-CloudSyncExpression 'ToUpper([department], "en-US")'</code><para>Evaluates it on an object of the directory.</para></example>
[Cmdlet(VerbsDiagnostic.Test, "CloudSyncExpression", DefaultParameterSetName = "Attribute")]
[OutputType(typeof(ExpressionResult))]
public sealed class TestCloudSyncExpression : DaemonCmdlet
{
    /// <summary>The expression.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Expression { get; set; } = "";

    /// <summary>Attributes by name; parameters as %Name%.</summary>
    [Parameter(ParameterSetName = "Attribute", Position = 1)]
    public IDictionary Attribute { get; set; } = new Hashtable();

    /// <summary>An object whose attributes to use: those of the first directory that holds it.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public ObjectInfo InputObject { get; set; } = null!;

    /// <summary>The dialect: that of Entra provisioning, or that of Entra Connect's rules.</summary>
    [Parameter]
    [ValidateSet("provisioning", "connect")]
    public string Dialect { get; set; } = "provisioning";

    private protected override void Process()
    {
        Target = Expression;
        var result = Await(cancel => Daemon.TestExpression(Expression, Dialect.ToLowerInvariant(), Inputs(), cancel));
        if (result.Error is null) WriteObject(result);
        else Tell(new ErrorReport(result.Code ?? "ExpressionFailed", "expression failed", result.Error, "Correct the expression or its attributes.", Expression), Expression);
    }

    /// <summary>A value alone as itself, several as a list; PowerShell's wrappings are left behind.</summary>
    private Hashtable Inputs()
    {
        var inputs = new Hashtable(StringComparer.OrdinalIgnoreCase);
        var given = ParameterSetName == "InputObject" ? InputObject.Sources.FirstOrDefault()?.Attributes ?? new Hashtable() as IDictionary : Attribute;
        foreach (DictionaryEntry one in given)
        {
            var value = one.Value is PSObject wrapped ? wrapped.BaseObject : one.Value;
            inputs[one.Key] = ParameterSetName == "InputObject" && value is object?[] { Length: 1 } single ? single[0] : value;
        }
        return inputs;
    }
}
