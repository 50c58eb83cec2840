using System.Runtime.Serialization;

/// <summary>Declared faults, by hand: the svcutil of Mono makes no types of them.</summary>
[DataContract(Namespace = Channel.Namespace)]
class FaultDetail
{
    [DataMember(Order = 1)]
    public string code;
    [DataMember(Order = 2)]
    public bool retryable;
    [DataMember(Order = 3)]
    public string request_id;
}

[DataContract(Namespace = Channel.Namespace)]
class InvalidInputFault : FaultDetail
{
}

[DataContract(Namespace = Channel.Namespace)]
class AccountNotFoundFault : FaultDetail
{
}

[DataContract(Namespace = Channel.Namespace)]
class NotAuthenticatedFault : FaultDetail
{
}

[DataContract(Namespace = Channel.Namespace)]
class ResellerNotFoundFault : FaultDetail
{
}
