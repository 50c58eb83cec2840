using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

/// <summary>Runs steps, and says of each whether it came true.</summary>
static class Steps
{
    public static void Step(string name, Action run)
    {
        try
        {
            run();
            Console.WriteLine("ok " + name);
        }
        catch (Exception error)
        {
            Console.WriteLine("wrong {0}: {1}: {2}", name, error.GetType(), error.Message.Replace('\n', ' '));
        }
    }

    public static void Same(object expected, object found)
    {
        if (!Equals(expected, found))
            throw new Exception(String.Format("expected {0}, found {1}", expected, found));
    }

    /// <summary>The fault with which a call must end.</summary>
    public static E Refused<E>(Action run) where E : Exception
    {
        try
        {
            run();
        }
        catch (E fault)
        {
            return fault;
        }
        throw new Exception("it was not refused");
    }

    /// <summary>
    /// Call a method that has a parameter for each input, dozens of them, with some by their names. The others
    /// get the default of their type, which the generated code leaves out where it can.
    /// </summary>
    public static T Call<T>(object proxy, string method, Dictionary<string, object> given)
    {
        MethodInfo found = proxy.GetType().GetMethod(method);
        object[] values = found.GetParameters().Select(one => Value(one, given)).ToArray();
        try
        {
            return (T) found.Invoke(proxy, values);
        }
        catch (TargetInvocationException error)
        {
            throw error.InnerException;
        }
    }

    /// <summary>The same with the names and values in a row.</summary>
    public static T Call<T>(object proxy, string method, params object[] given)
    {
        Dictionary<string, object> named = new Dictionary<string, object>();
        for (int at = 0; at < given.Length; at += 2)
            named.Add((string) given[at], given[at + 1]);
        return Call<T>(proxy, method, named);
    }

    static object Value(ParameterInfo parameter, Dictionary<string, object> given)
    {
        string name = parameter.Name;
        if (given.ContainsKey(name))
            return given[name];
        if (name.EndsWith("Specified"))
            return given.ContainsKey(name.Substring(0, name.Length - "Specified".Length));
        return parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
    }

    public static string MonoVersion()
    {
        const BindingFlags hidden = BindingFlags.NonPublic | BindingFlags.Static;
        MethodInfo name = Type.GetType("Mono.Runtime").GetMethod("GetDisplayName", hidden);
        return name.Invoke(null, null).ToString().Split(' ')[0];
    }

    public static string Env(string name)
    {
        return Environment.GetEnvironmentVariable("IWAPI_" + name);
    }
}
