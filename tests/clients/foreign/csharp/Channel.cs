using System;
using System.Runtime.Serialization;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;

/// <summary>What the proxy of svcutil must be told by hand: the key, the name of the answers, the faults.</summary>
static class Channel
{
    public const string Namespace = "urn:iwapi:billing:1";

    [DataContract(Namespace = Namespace)]
    class Auth
    {
        [DataMember]
        public string apikey;
    }

    static readonly Type[] faults =
    {
        typeof(InvalidInputFault), typeof(AccountNotFoundFault), typeof(NotAuthenticatedFault),
        typeof(ResellerNotFoundFault),
    };

    public static BillingClient Open(string url)
    {
        BillingClient client = new BillingClient(new BasicHttpBinding(), new EndpointAddress(url));
        foreach (OperationDescription operation in client.Endpoint.Contract.Operations)
        {
            MessageBodyDescription answer = operation.Messages[1].Body;
            answer.ReturnValue = new MessagePartDescription("result", Namespace) { Type = answer.ReturnValue.Type };
            foreach (Type fault in faults)
                operation.Faults.Add(new FaultDescription(fault.Name)
                {
                    DetailType = fault, Name = fault.Name, Namespace = Namespace
                });
        }
        return client;
    }

    /// <summary>The calls inside carry a key in the header.</summary>
    public static void With(string key, BillingClient client, Action calls)
    {
        using (new OperationContextScope(client.InnerChannel))
        {
            MessageHeader auth = MessageHeader.CreateHeader("Auth", Namespace, new Auth { apikey = key });
            OperationContext.Current.OutgoingMessageHeaders.Add(auth);
            calls();
        }
    }
}
