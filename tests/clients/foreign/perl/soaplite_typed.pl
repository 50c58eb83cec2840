#!/usr/bin/perl

# SOAP::Lite on the typed service, as its users do document/literal: by hand, each element named, without a WSDL.

use v5.32;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use SOAP::Lite;
use Story;

my $NAMESPACE = 'urn:iwapi:billing:1';
my $soap = SOAP::Lite->proxy(told('URL'))->ns($NAMESPACE, 'b')->on_action(sub { $_[1] });

# Elements of the service's namespace, in the order in which they are given. A text has its type, or SOAP::Lite makes
# base64 of one that is not ASCII.
sub elements {
    my @given = @_;
    my @made;
    while (my ($name, $value) = splice @given, 0, 2) {
        push @made, SOAP::Data->name("b:$name" => $value)->type('string');
    }
    return @made;
}

# The answer of an operation, called with a key.
sub ask {
    my ($key, $operation, @given) = @_;
    my $auth = SOAP::Header->name('b:Auth' => \SOAP::Data->value(elements(apikey => $key)));
    return $soap->call(SOAP::Data->name("b:$operation"), $auth, elements(@given));
}

sub call {
    my ($operation, @given) = @_;
    my $answer = ask(told('KEY'), $operation, @given);
    die $answer->faultstring, "\n" if $answer->fault;
    return $answer;
}

# The name of the fault's element and its code.
sub fault {
    my ($answer) = @_;
    die "no fault\n" unless $answer->fault;
    my ($name) = keys %{ $answer->faultdetail };
    return $name, $answer->valueof("//detail/$name/code");
}

# The rows of all pages: SOAP::Lite makes one of several equal members, unless they are asked for by their path.
sub all {
    my ($operation, $rows) = @_;
    my ($next, @found);
    do {
        my $page = call($operation, (defined $next ? (after => $next) : ()), limit => 1);
        push @found, $page->valueof("//result/$rows");
        $next = $page->valueof('//result/next');
    } while (defined $next);
    return @found;
}

my ($domain, $uniqname, $reseller) = (told('DOMAIN'), told('UNIXNAME'), 0);
my @opening = (
    master_domain => $domain, uniqname => $uniqname, email => 'me@example.com', password => 'Correct-horse7',
    nickname => $NICKNAME, packagetemplate => 'basic',
);

sub account { return @{ call('getSiteWorxAccount', domain => $domain)->valueof('//result') }{@_} }
sub resellers { return grep { $_->{reseller_id} == $reseller } all('listResellers', 'resellers') }

say "version $SOAP::Lite::VERSION";
step 'ping', sub {
    my $pong = call('ping');
    same ['admin@example.com', 'true', 1, 'all'],
        [map { $pong->valueof("//result/$_") } qw(email master nodeworx_id scopes)];
};
step 'create', sub {
    my $account = call('createSiteWorxAccount', @opening)->valueof('//result');
    same [$domain, 'active', 1000], [@$account{qw(master_domain status OPT_STORAGE)}];
};
step 'details', sub {
    same [$domain, $uniqname, 'active', $NICKNAME, 'basic', 1000, 10, 'false'],
        [account(qw(master_domain uniqname status nickname package_name OPT_STORAGE OPT_EMAIL_BOXES OPT_SSL))];
};
step 'duplicate', sub {
    my $answer = ask(told('KEY'), 'createSiteWorxAccount', @opening);
    same ['InvalidInputFault', 'INVALID_INPUT'], [fault($answer)];
    same ['master_domain DOMAIN_TAKEN', 'uniqname UNIX_NAME_TAKEN'],
        [map { "$_->{field} $_->{code}" } $answer->valueof('//detail/InvalidInputFault/problems')];
};
step 'usage', sub {
    my $usage = call('getUsage', domain => $domain)->valueof('//result');
    same [1000, 10240], [@$usage{qw(storage bandwidth)}];
    die "used less than nothing\n" if $usage->{storage_used} < 0 || $usage->{bandwidth_used} < 0;
};
step 'suspend', sub {
    my $account = call('suspendSiteWorxAccount', domain => $domain, message => 'unpaid <3 & more');
    same ['unpaid <3 & more'], [$account->valueof('//result/inactive_msg')];
};
step 'suspended', sub { same ['inactive'], [account('status')] };
step 'unsuspend', sub {
    call('unsuspendSiteWorxAccount', domain => $domain);
    same ['active'], [account('status')];
};
step 'package', sub {
    call('changeSiteWorxPackage', domain => $domain, packagetemplate => 'pro');
    same ['pro', 5000, 100, 10, 'true'],
        [account(qw(package_name OPT_STORAGE OPT_BANDWIDTH OPT_SUBDOMAINS OPT_SSL))];
};
step 'password', sub {
    my $account = call('changeSiteWorxPassword', domain => $domain, password => $PASSWORD);
    same [$domain], [$account->valueof('//result/master_domain')];
};
step 'list', sub {
    my @rows = grep { $_->{master_domain} eq $domain } all('listSiteWorxAccounts', 'accounts');
    same ["$uniqname active"], [map { "$_->{uniqname} $_->{status}" } @rows];
};
step 'reseller-create', sub {
    $reseller = call(
        'createReseller', email => told('RESELLER'), password => 'Correct-horse7', nickname => 'Reseller',
        RSL_OPT_STORAGE => 10000, RSL_OPT_BANDWIDTH => 100, RSL_OPT_SITEWORX_ACCOUNTS => 5,
    )->valueof('//result/reseller_id');
    die "reseller $reseller\n" unless $reseller > 1;
};
step 'reseller-list', sub {
    my ($row) = resellers();
    same [told('RESELLER'), 'Reseller', 'active'], [@$row{qw(email nickname status)}];
};
step 'reseller-suspend', sub {
    for my $status (qw(inactive active)) {
        call('editReseller', reseller_id => $reseller, status => $status);
        same [$status], [(resellers())[0]{status}];
    }
};
step 'reseller-delete', sub {
    call('deleteReseller', reseller_id => $reseller);
    same [], [resellers()];
};
step 'terminate', sub {
    same [$domain], [call('deleteSiteWorxAccount', domain => $domain)->valueof('//result/master_domain')];
};
step 'gone', sub {
    my $answer = ask(told('KEY'), 'getSiteWorxAccount', domain => $domain);
    same ['AccountNotFoundFault', 'ACCOUNT_NOT_FOUND'], [fault($answer)];
};
step 'stranger', sub { same ['NotAuthenticatedFault', 'NOT_AUTHENTICATED'], [fault(ask('nonsense', 'ping'))] };
say 'end';
