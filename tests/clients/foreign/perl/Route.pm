package Route;

# The story by route. It is told with a function that does one call and gives its status and its payload.

use v5.32;
use warnings;
use utf8;
use Story;

my ($SITEWORX, $RESELLER) = ('/nodeworx/siteworx', '/nodeworx/reseller');
my $route;

sub done {
    my ($ctrl, $action, %given) = @_;
    my ($status, $payload) = $route->(told('KEY'), $ctrl, $action, \%given);
    die "$status: $payload\n" if $status != 0;
    return $payload;
}

sub refused {
    my ($action, %given) = @_;
    my ($status, $payload) = $route->(told('KEY'), $SITEWORX, $action, \%given);
    same [11], [$status];
    return $payload;
}

sub details { return @{ done($SITEWORX, 'querySiteworxAccountDetails', domain => told('DOMAIN')) }{@_} }

sub edit { return done($SITEWORX, 'edit', domain => told('DOMAIN'), @_) }

sub tell {
    ($route, my $more) = @_;
    my ($domain, $uniqname, $reseller) = (told('DOMAIN'), told('UNIXNAME'), 0);
    my @opening = (
        master_domain => $domain, uniqname => $uniqname, email => 'me@example.com', nickname => $NICKNAME,
        password => 'Correct-horse7', confirm_password => 'Correct-horse7', packagetemplate => 'basic',
    );
    my $resellers = sub { return grep { $_->{reseller_id} == $reseller } @{ done($RESELLER, 'listResellers') } };

    step 'ping', sub {
        my $version = done('/nodeworx/overview', 'listVersion')->{version};
        die "$version\n" unless $version =~ /^\d+\.\d+/;
    };
    step 'create', sub { same ["Account $domain has been created."], [done($SITEWORX, 'add', @opening)] };
    step 'details', sub {
        same [$domain, $uniqname, 'active', $NICKNAME, 'basic', 1000, 0, ''],
            [details(qw(domain unixuser status nickname package_name OPT_STORAGE OPT_SSL inactive_msg))];
    };
    step 'duplicate', sub {
        my $text = refused('add', @opening);
        die $text unless $text =~ /Domain name already exists/ && $text =~ /Unixname is already in use/;
    };
    step 'usage', sub {
        my @rows = @{ done($SITEWORX, 'listBandwidthAndStorageInMB', domain => $domain) };
        same [1, $domain, 1000, 10240], [scalar @rows, @{ $rows[0] }{qw(domain storage bandwidth)}];
        die "used less than nothing\n" if $rows[0]{storage_used} < 0 || $rows[0]{bandwidth_used} < 0;
    };
    step 'suspend', sub { same ["Account $domain has been changed."], [edit(status => '0')] };
    step 'suspended', sub { same ['inactive'], [details('status')] };
    step 'unsuspend', sub {
        edit(status => '1');
        same ['active'], [details('status')];
    };
    step 'package', sub {
        edit(packagetemplate => 'pro');
        same ['pro', 5000, 100, 10, 1],
            [details(qw(package_name OPT_STORAGE OPT_BANDWIDTH OPT_SUBDOMAINS OPT_SSL))];
    };
    step 'password', sub {
        same ["Account $domain has been changed."], [edit(password => $PASSWORD, confirm_password => $PASSWORD)];
    };
    step 'list', sub {
        my @rows = grep { $_->{domain} eq $domain } @{ done($SITEWORX, 'listAccounts') };
        same [1, $uniqname, 'active'], [scalar @rows, @{ $rows[0] }{qw(uniqname status)}];
    };
    step 'reseller-create', sub {
        $reseller = done(
            $RESELLER, 'add', email => told('RESELLER'), nickname => 'Reseller', password => 'Correct-horse7',
            confirm_password => 'Correct-horse7', RSL_OPT_STORAGE => 10000, RSL_OPT_BANDWIDTH => 100,
            RSL_OPT_SITEWORX_ACCOUNTS => 5,
        )->{reseller_id};
        die "reseller $reseller\n" unless $reseller > 1;
    };
    step 'reseller-list', sub {
        my ($row) = $resellers->();
        same [told('RESELLER'), 'Reseller', 'active'], [@$row{qw(email nickname status)}];
    };
    step 'reseller-suspend', sub {
        for my $status (qw(inactive active)) {
            done($RESELLER, 'edit', reseller_id => $reseller, status => $status);
            same [$status], [($resellers->())[0]{status}];
        }
    };
    step 'reseller-delete', sub {
        done($RESELLER, 'delete', reseller_id => $reseller);
        same [], [$resellers->()];
    };
    $more->() if $more;
    step 'terminate', sub {
        same ["Account $domain has been deleted."], [done($SITEWORX, 'delete', domain => $domain)];
    };
    step 'gone', sub { refused('querySiteworxAccountDetails', domain => $domain) };
    step 'stranger', sub { same [401], [($route->('nonsense', $SITEWORX, 'listAccounts', {}))[0]] };
    say 'end';
    return;
}

1;
