using System;
using System.Management.Automation;

namespace CloudSync.Cmdlets;

/// <summary>Takes a GUID as its 16 bytes too, which is how LDAP and ADSI give it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GuidTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is byte[] { Length: 16 } bytes ? new Guid(bytes) : inputData;
}
